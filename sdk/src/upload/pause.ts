import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits.
 *
 * @throws The signal's reason, where the timer would throw an error of its own.
 */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
