import { setTimeout as sleep } from "node:timers/promises";
import type { OwnProcess } from "./createProcesses.ts";
import { DevnetError } from "./DevnetError.ts";

export interface UntilEitherParameters {
  readonly process: OwnProcess;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** What to look at when it failed: a log file. */
  readonly next: string;
}

/**
 * What `wanted` resolves to, while the process runs that it waits for.
 *
 * @throws {DevnetError} `PROCESS_ENDED`, `PROCESS_TIMEOUT`; the signal's reason when it is aborted.
 */
export async function untilEither<T>(
  wanted: Promise<T>,
  { process, timeoutMs, signal, next }: UntilEitherParameters,
): Promise<T> {
  const over = new AbortController();
  const stopped = AbortSignal.any([signal, over.signal]);
  const value = String(process.pid);
  try {
    return await Promise.race([
      wanted,
      process.ended.then((how): never => {
        throw new DevnetError({
          code: "PROCESS_ENDED",
          message: `${process.name} ended (${how})`,
          value,
          next,
        });
      }),
      sleep(timeoutMs, undefined, { signal: stopped }).then((): never => {
        throw new DevnetError({
          code: "PROCESS_TIMEOUT",
          message: `${process.name} was not ready within ${timeoutMs} ms`,
          value,
          next,
        });
      }),
    ]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    over.abort();
  }
}
