/** What `node unstake` finds. Amounts in base units. */
export interface UnstakeFacts {
  readonly wanted: bigint | "all";
  readonly stake: bigint;
  readonly thawing: bigint;
  /** The first epoch in which what thaws can leave. */
  readonly firstWithdraw: number;
  readonly epoch: number;
  readonly minStake: bigint;
  readonly isRetired: boolean;
}

export type UnstakeStep =
  | {
      readonly step: "request";
      /** What has thawed of an earlier request and is taken out first; 0: nothing. */
      readonly paid: bigint;
      readonly amount: bigint;
      /** Whether too little stays for a node that serves. */
      readonly retires: boolean;
      /** Whether the time of an earlier request starts anew. */
      readonly restarts: boolean;
    }
  /** All of it has thawed: nothing is left to ask for. */
  | { readonly step: "withdraw"; readonly paid: bigint }
  /** More than is there, once `paid` is out. */
  | { readonly step: "tooMuch"; readonly paid: bigint; readonly rest: bigint };

/**
 * What asking stake back comes to. A new request replaces the one before; what has thawed by then is taken out first, or
 * its time would start anew.
 */
export function unstakeStep(facts: UnstakeFacts): UnstakeStep {
  const { wanted, stake, thawing, firstWithdraw, epoch, minStake, isRetired } = facts;
  const paid = epoch >= firstWithdraw ? thawing : 0n;
  const rest = stake - paid;
  if (wanted === "all" && rest === 0n && paid > 0n) return { step: "withdraw", paid };
  const amount = wanted === "all" ? rest : wanted;
  if (amount === 0n || amount > rest) return { step: "tooMuch", paid, rest };
  const retires = !isRetired && rest - amount < minStake;
  return { step: "request", paid, amount, retires, restarts: thawing > paid };
}
