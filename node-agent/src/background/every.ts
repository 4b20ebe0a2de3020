import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import { createBackoff } from "./backoff.ts";

export interface EveryOptions {
  readonly signal: AbortSignal;
  readonly logger: Pick<Logger, "error">;
  /** What the log says where the work throws. */
  readonly failed: string;
}

/** Work that throws is tried again after its own time at first, and then after this at most. */
const MOST_MS = 15_000;

/**
 * Does something at once and then again and again until `signal` aborts, never twice at once. What it throws is logged;
 * work that goes on throwing is done less often.
 */
export function every(ms: number, { signal, logger, failed }: EveryOptions, work: () => unknown): void {
  const backoff = createBackoff({ firstMs: ms, mostMs: Math.max(ms, MOST_MS) });
  const repeat = async () => {
    while (!signal.aborted) {
      let waitMs = ms;
      try {
        await work();
        backoff.reset();
      } catch (error) {
        waitMs = backoff.next();
        if (!signal.aborted) logger.error({ err: error }, failed);
      }
      await wait(waitMs, undefined, { signal }).catch(() => undefined);
    }
  };
  void repeat(); // never rejects
}
