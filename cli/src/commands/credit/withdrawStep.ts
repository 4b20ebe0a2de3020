/** What `credit withdraw` finds. Amounts in base units. */
export interface WithdrawFacts {
  /** Undefined: not said. */
  readonly amount: bigint | undefined;
  readonly balance: bigint;
  readonly thawing: bigint;
  /** The first epoch in which what thaws can leave. */
  readonly firstWithdraw: number;
  readonly epoch: number;
}

export type WithdrawStep =
  /** Ask for so much; `restarts` the time of an earlier request. */
  | { readonly step: "request"; readonly amount: bigint; readonly restarts: boolean }
  /** It has thawed: take it. */
  | { readonly step: "withdraw" }
  /** It was asked for and thaws. */
  | { readonly step: "wait" }
  /** Nothing thaws, and no amount was said. */
  | { readonly step: "nothing" };

/**
 * Which step comes next on the way of credit back to its owner. The same command again never makes the way longer: what
 * thaws already is waited for, what has thawed is taken.
 */
export function withdrawStep({ amount, thawing, firstWithdraw, epoch }: WithdrawFacts): WithdrawStep {
  if (thawing > 0n && epoch >= firstWithdraw) return { step: "withdraw" };
  if (thawing > 0n && (amount === undefined || amount === thawing)) return { step: "wait" };
  if (amount === undefined) return { step: "nothing" };
  return { step: "request", amount, restarts: thawing > 0n };
}
