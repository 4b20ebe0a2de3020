import type { Actual, Decision } from "./decide.ts";

/** What to do about the second version of a split. */
export interface CanaryDecision {
  /** Whether visitors are sent to it, be it warm or asleep. */
  readonly isServed: boolean;
  readonly step: "none" | "fetch" | "start";
}

/** What is there of it. */
export type CanaryActual = Pick<Actual, "hasContent" | "trouble" | "cell" | "isAskedFor" | "isResting"> & {
  /** Whether visitors are sent to it already. */
  readonly isServed: boolean;
};

/**
 * What to do about the second version of a split, once it is decided what becomes of the active one. As long as it cannot
 * be served all visitors get the active one, whose cell it never takes the place of.
 */
export function decideCanary(active: Decision, canary: CanaryActual): CanaryDecision {
  const { to } = active.route;
  if (to !== "cell" && to !== "sleeping") return { isServed: false, step: "none" };
  if (!canary.hasContent) return { isServed: false, step: "fetch" };
  if (canary.trouble !== undefined) return { isServed: false, step: "none" };
  if (canary.cell === "warm") return { isServed: true, step: "none" };
  // Before visitors are sent to it for the first time it is warm, unless the project sleeps as a whole.
  const isServed = canary.isServed || to === "sleeping";
  const isNeeded = canary.isAskedFor || !isServed;
  return { isServed, step: isNeeded && canary.cell === "none" && !canary.isResting ? "start" : "none" };
}
