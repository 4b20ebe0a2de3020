import { setTimeout as delay } from "node:timers/promises";

const EVERY_MS = 5;

/** Asks until the answer is yes. Whether it was in time. */
export async function pollUntil(done: () => boolean, { timeoutMs }: { timeoutMs: number }): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!done()) {
    if (performance.now() > deadline) return false;
    await delay(EVERY_MS);
  }
  return true;
}
