import { type Changes, createChanges } from "../changes.ts";
import type { Ledger } from "../ledger/openLedger.ts";
import { addCounts, type Counts, NO_COUNTS, type UsageKey, type UsageTable } from "../ledger/usageTable.ts";

/** What each project used in the epochs that run, in memory: asked every second, a sum of all minutes takes too long. */
export interface Totals {
  /** By project. Epochs before are forgotten. Not to be asked within a transaction. */
  in(epoch: number): ReadonlyMap<bigint, Counts>;
  /** Adds what is written to the table in the transaction at hand, as soon as that is kept. */
  add(key: UsageKey, counts: Counts): void;
  /** Forgets what is in memory: the table was changed by other means. */
  forget(): void;
  /** The projects that used something, for whoever wants to look at those alone. */
  watch: Changes<bigint>["watch"];
}

export function createTotals(
  ledger: Pick<Ledger, "afterCommit">,
  usage: Pick<UsageTable, "totalsIn">,
): Totals {
  const byEpoch = new Map<number, Map<bigint, Counts>>();
  const changed = createChanges<bigint>();
  return {
    in(epoch) {
      for (const other of byEpoch.keys()) if (other < epoch) byEpoch.delete(other);
      const known = byEpoch.get(epoch);
      if (known !== undefined) return known;
      const read = usage.totalsIn(epoch);
      byEpoch.set(epoch, read);
      return read;
    },
    add({ projectId, epoch }, counts) {
      ledger.afterCommit(() => {
        // An epoch that nobody asked for is read from the table when somebody does.
        const totals = byEpoch.get(epoch);
        if (totals === undefined) return;
        totals.set(projectId, addCounts(totals.get(projectId) ?? NO_COUNTS, counts));
        changed.mark(projectId);
      });
    },
    forget: () => ledger.afterCommit(() => byEpoch.clear()),
    watch: changed.watch,
  };
}
