import { Worker3Error } from "@worker3/sdk";
import type { Logger } from "pino";

/** Tells the operator of requests that failed by the node's own trouble. */
export interface FailureLog {
  /** @param id - what who asked was told; absent where it was told the error's code. */
  failed(
    error: unknown,
    request: { readonly method: string; readonly path: string; readonly id?: string },
  ): void;
}

/** Lines of one kind a minute. */
const MAX_LINES = 10;
const MINUTE_MS = 60_000;
/** Of a path, which a stranger chose, so much. */
const MAX_PATH = 200;

interface Kind {
  sinceMs: number;
  lines: number;
  leftOut: number;
}

/**
 * Strangers can bring about failures as often as they ask. So of each code there are so many lines a minute; the next one
 * says how many were left out.
 */
export function createFailureLog(
  logger: Pick<Logger, "warn" | "error">,
  nowMs: () => number = Date.now,
): FailureLog {
  const kinds = new Map<string, Kind>();

  /** How many were left out before this line; undefined: it is left out. */
  function admit(code: string): number | undefined {
    const kind = kinds.get(code) ?? { sinceMs: nowMs(), lines: 0, leftOut: 0 };
    kinds.set(code, kind);
    if (nowMs() - kind.sinceMs >= MINUTE_MS) {
      kind.sinceMs = nowMs();
      kind.lines = 0;
    }
    if (kind.lines >= MAX_LINES) {
      kind.leftOut += 1;
      return undefined;
    }
    const { leftOut } = kind;
    kind.lines += 1;
    kind.leftOut = 0;
    return leftOut;
  }

  return {
    failed(error, { method, path, id }) {
      const isForeseen = id === undefined && error instanceof Worker3Error;
      const leftOut = admit(isForeseen ? error.code : "INTERNAL");
      if (leftOut === undefined) return;
      const about = {
        err: error,
        method,
        path: path.slice(0, MAX_PATH),
        ...(leftOut > 0 ? { leftOut } : {}),
      };
      if (isForeseen) logger.warn(about, "a request failed");
      else logger.error({ ...about, id }, "a request failed unexpectedly");
    },
  };
}
