import type { Times } from "./times.ts";

/** What happens when to stake that was asked back in one epoch. */
export interface StakeWindow {
  /** The last epoch whose receipts count, where the request retires the node. */
  readonly lastCounted: number;
  /** The last epoch in which a dispute about that one can be decided, also where the arbiter extends it. */
  readonly lastDecision: number;
  readonly firstWithdraw: number;
}

/** The windows of stake asked back in epoch `requestedIn`: it leaves when `now > r + stakeThaw`. */
export function stakeWindow(
  times: Pick<Times, "late" | "dispute" | "decide" | "stakeThaw">,
  requestedIn: number,
): StakeWindow {
  return {
    lastCounted: requestedIn,
    lastDecision: requestedIn + times.late + times.dispute + 2 * times.decide,
    firstWithdraw: requestedIn + times.stakeThaw + 1,
  };
}
