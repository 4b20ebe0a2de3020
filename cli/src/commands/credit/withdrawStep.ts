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
  /** It has thawed: take `paid`, and then ask for `next` of what is left, where another amount was said. */
  | { readonly step: "withdraw"; readonly paid: bigint; readonly next?: bigint }
  /** More is asked for than is left when `paid` is out. */
  | { readonly step: "tooMuch"; readonly amount: bigint; readonly paid: bigint; readonly rest: bigint }
  /** It was asked for and thaws. */
  | { readonly step: "wait" }
  /** Nothing thaws, and no amount was said, or there is none. */
  | { readonly step: "nothing" };

/**
 * Which step comes next on the way of credit back to its owner. The same command again never makes the way longer: what
 * thaws already is waited for, what has thawed is taken. Another amount than what has thawed is a new request: it is asked
 * for once that is out.
 */
export function withdrawStep(facts: WithdrawFacts): WithdrawStep {
  const { balance, thawing, firstWithdraw, epoch } = facts;
  if (thawing > 0n && epoch >= firstWithdraw) return payOut(facts);
  const amount = facts.amount === "all" ? balance : facts.amount;
  if (thawing > 0n && isOnItsWay(facts, amount)) return { step: "wait" };
  if (amount === undefined || amount === 0n) return { step: "nothing" };
  return { step: "request", amount, restarts: thawing > 0n };
}

function payOut({ amount: said, balance, thawing }: WithdrawFacts): WithdrawStep {
  const rest = balance - thawing;
  const isSame = said === undefined || said === thawing;
  // Charges reach what thaws only when nothing else is left: then more than it may have been asked for.
  if (isSame || rest === 0n) return { step: "withdraw", paid: thawing };
  if (said === "all") return { step: "withdraw", paid: thawing, next: rest };
  if (said > rest) return { step: "tooMuch", amount: said, paid: thawing, rest };
  return { step: "withdraw", paid: thawing, next: said };
}

/** Whether what thaws is what is asked for. Charges reach it, so that all of a balance may be less than was asked back. */
function isOnItsWay({ amount: said, thawing }: WithdrawFacts, amount: bigint | undefined): boolean {
  return amount === undefined || amount === thawing || (said === "all" && amount < thawing);
}
