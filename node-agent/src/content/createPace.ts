import { setTimeout as wait } from "node:timers/promises";

/** Holds work that has time to a rate, so that it takes no disk and no CPU time from those who wait. */
export interface Pace {
  /**
   * Notes bytes, and resolves when as much time has passed as they take.
   *
   * @throws The signal's reason.
   */
  spend(bytes: number, signal: AbortSignal): Promise<void>;
}

/** Less than this is not waited for. */
const LEAST_WAIT_MS = 5;

/** A rate in bytes a second. What was not used up while nothing was done is not caught up on. */
export function createPace(bytesPerSecond: number): Pace {
  let freeAtMs = 0;
  return {
    async spend(bytes, signal) {
      signal.throwIfAborted();
      const nowMs = performance.now();
      freeAtMs = Math.max(freeAtMs, nowMs) + (bytes / bytesPerSecond) * 1_000;
      if (freeAtMs - nowMs >= LEAST_WAIT_MS) await wait(freeAtMs - nowMs, undefined, { signal });
    },
  };
}

/** The same pieces, held to a pace. */
export async function* atPace(
  source: AsyncIterable<Uint8Array>,
  pace: Pace,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of source) {
    await pace.spend(piece.length, signal);
    yield piece;
  }
}
