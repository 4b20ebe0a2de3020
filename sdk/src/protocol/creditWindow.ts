import type { Times } from "./times.ts";

/** What happens when to credit that was asked back in one epoch. */
export interface CreditWindow {
  /** The last epoch in which usage of the request's own epoch can still be charged. */
  readonly lastCharge: number;
  readonly firstWithdraw: number;
}

/** The windows of credit asked back in epoch `requestedIn`: it leaves when `now > r + creditThaw`. */
export function creditWindow(times: Pick<Times, "late" | "creditThaw">, requestedIn: number): CreditWindow {
  return { lastCharge: requestedIn + times.late, firstWithdraw: requestedIn + times.creditThaw + 1 };
}
