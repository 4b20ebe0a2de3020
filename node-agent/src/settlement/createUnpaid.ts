/** Why nobody pays for some usage: the node had no seat, it was retired, or the time for receipts is over. */
export type UnpaidReason = "without a seat" | "retired" | "late";

/** What was used and nobody paid, of one reason. */
export interface UnpaidUsage {
  readonly why: UnpaidReason;
  /** Of a project in an epoch, each. */
  readonly count: number;
  /** What it would have cost, in base units. */
  readonly amount: bigint;
}

/** Adds up what was dropped since the agent started; the log has each. */
export interface Unpaid {
  add(why: UnpaidReason, amount: bigint): void;
  list(): UnpaidUsage[];
}

export function createUnpaid(): Unpaid {
  const byReason = new Map<UnpaidReason, UnpaidUsage>();
  return {
    add(why, amount) {
      const { count = 0, amount: before = 0n } = byReason.get(why) ?? {};
      byReason.set(why, { why, count: count + 1, amount: before + amount });
    },
    list: () => [...byReason.values()],
  };
}
