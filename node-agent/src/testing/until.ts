import { setTimeout as wait } from "node:timers/promises";

const POLL_MS = 20;

/**
 * Asks again and again until the answer is no longer undefined or false. The deadline is there for what never comes, not to
 * say how fast something has to be: it is far beyond what a busy machine takes.
 */
export async function until<answer>(
  what: string,
  ask: () => answer | undefined | false | Promise<answer | undefined | false>,
  { timeoutMs = 60_000 }: { timeoutMs?: number } = {},
): Promise<answer> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await wait(POLL_MS);
  }
}
