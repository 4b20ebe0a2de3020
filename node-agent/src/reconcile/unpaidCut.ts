import type { CutChoice } from "../edge/CutChoice.ts";

/** How long what is under way may go on for which nobody pays any more, and how much it may carry in a second. */
export const UNPAID_GRACE_MS = 5_000;
const UNPAID_BYTES = 4 * 1_048_576;
const SECOND_MS = 1_000;

/**
 * What is cut off of what is still under way at a project that is refused because nobody pays: at first only what carries
 * much, after the grace all.
 */
export function unpaidCut(unpaidMs: number): CutChoice {
  if (unpaidMs >= UNPAID_GRACE_MS) return { by: "age", minAgeMs: 0 };
  return { by: "carried", windowMs: SECOND_MS, minBytes: UNPAID_BYTES };
}
