import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";

/** Does something again and again until `signal` aborts, never twice at once. What it throws is logged. */
export function every(
  ms: number,
  { signal, logger }: { signal: AbortSignal; logger: Pick<Logger, "error"> },
  work: () => void | Promise<void>,
): void {
  void (async () => {
    while (!signal.aborted) {
      try {
        await work();
      } catch (error) {
        if (!signal.aborted) logger.error({ err: error }, "a periodic step failed");
      }
      await wait(ms, undefined, { signal }).catch(() => undefined);
    }
  })();
}
