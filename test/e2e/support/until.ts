import { setTimeout as wait } from "node:timers/promises";

const POLL_MS = 20;

/** Asks again and again until the answer is no longer undefined or false. */
export async function until<answer>(
  what: string,
  ask: () => answer | undefined | false | Promise<answer | undefined | false>,
  { timeoutMs = 15_000 }: { timeoutMs?: number } = {},
): Promise<answer> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await wait(POLL_MS);
  }
}
