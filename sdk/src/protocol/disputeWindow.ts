import type { Times } from "./times.ts";

/** In which epochs a dispute ends; both bounds inclusive. */
export interface DisputeWindow {
  readonly lastDecide: number;
  /** From then on anyone may draw it. */
  readonly firstDraw: number;
}

/**
 * The windows of a dispute opened in epoch `openedIn`: decide while `now <= d + decide`, draw after that.
 *
 * @param isExtended Whether the arbiter took `decide` epochs more.
 */
export function disputeWindow(
  times: Pick<Times, "decide">,
  openedIn: number,
  isExtended = false,
): DisputeWindow {
  const lastDecide = openedIn + (isExtended ? 2 : 1) * times.decide;
  return { lastDecide, firstDraw: lastDecide + 1 };
}
