import type { Logger } from "pino";

export interface InBackgroundOptions {
  /** Undefined: what fails is logged. */
  readonly signal?: AbortSignal | undefined;
  readonly logger: Pick<Logger, "error">;
  /** What the log says where the work throws, and beside it. */
  readonly failed: string;
  readonly about?: object | undefined;
}

/**
 * Does work that nobody waits for. It begins now; what it throws, now or later, is logged with its stack and ends nothing
 * else: not the timer, the event or the other work that it was begun by. Once `signal` aborts, failing is expected.
 */
export function inBackground(
  { signal, logger, failed, about }: InBackgroundOptions,
  work: () => unknown,
): void {
  const answer = (error: unknown) => {
    if (signal?.aborted !== true) logger.error({ ...about, err: error }, failed);
  };
  try {
    const begun = work();
    if (begun instanceof Promise) begun.catch(answer);
  } catch (error) {
    answer(error);
  }
}
