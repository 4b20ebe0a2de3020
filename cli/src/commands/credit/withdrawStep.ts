/** What `credit withdraw` finds. Amounts in base units. */
export interface WithdrawFacts {
  /** Undefined: not said; `all`: whatever is there. */
  readonly amount: bigint | "all" | undefined;
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
  /** Nothing thaws, and no amount was said, or there is none. */
  | { readonly step: "nothing" };

/**
 * Which step comes next on the way of credit back to its owner. The same command again never makes the way longer: what
 * thaws already is waited for, what has thawed is taken.
 */
export function withdrawStep(facts: WithdrawFacts): WithdrawStep {
  const { balance, thawing, firstWithdraw, epoch } = facts;
  const amount = facts.amount === "all" ? balance : facts.amount;
  if (thawing > 0n && epoch >= firstWithdraw) return { step: "withdraw" };
  if (thawing > 0n && isOnItsWay(facts, amount)) return { step: "wait" };
  if (amount === undefined || amount === 0n) return { step: "nothing" };
  return { step: "request", amount, restarts: thawing > 0n };
}

/** Whether what thaws is what is asked for. Charges reach it, so that all of a balance may be less than was asked back. */
function isOnItsWay({ amount: said, thawing }: WithdrawFacts, amount: bigint | undefined): boolean {
  return amount === undefined || amount === thawing || (said === "all" && amount < thawing);
}
