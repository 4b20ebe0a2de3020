import type { Times } from "./times.ts";

/** In which epochs a dispute ends; both bounds inclusive. */
export interface DisputeWindow {
  readonly lastDecide: number;
  /** From then on anyone may draw it. */
  readonly firstDraw: number;
}

/** The windows of a dispute opened in epoch `openedIn`: decide while `now <= d + decide`, draw after that. */
export function disputeWindow(times: Pick<Times, "decide">, openedIn: number): DisputeWindow {
  const lastDecide = openedIn + times.decide;
  return { lastDecide, firstDraw: lastDecide + 1 };
}
