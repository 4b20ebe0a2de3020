import type { UsageKey } from "../ledger/usageTable.ts";

/** Receipts of one epoch that are signed together. */
export interface PlannedBatch<receipt> {
  readonly epoch: number;
  /** In the order of their projects. */
  readonly receipts: readonly receipt[];
}

/**
 * So many projects stand in one transaction at most. With as many epochs as go together that is 600 receipts and some 6 million
 * gas: below the 16,777,216 that a transaction may have (EIP-7825), also with the quarter that the outbox adds.
 */
const MOST_PROJECTS = 200;
/** Batches in one transaction: three epochs of the same projects. */
const MOST_BATCHES = 3;

/**
 * Which receipts go out together: a list of batches for each transaction. The epochs of a project stand in one, which is
 * what makes all but the first of them cheap.
 */
export function planTransactions<receipt extends UsageKey>(
  receipts: readonly receipt[],
): PlannedBatch<receipt>[][] {
  const projectIds = [...new Set(receipts.map(({ projectId }) => projectId))].sort((a, b) =>
    a < b ? -1 : 1,
  );
  const count = Math.ceil(projectIds.length / MOST_PROJECTS);
  const size = Math.ceil(projectIds.length / Math.max(count, 1));
  const partOf = new Map(projectIds.map((projectId, i) => [projectId, Math.floor(i / size)]));
  const parts = Map.groupBy(receipts, ({ projectId }) => partOf.get(projectId) ?? 0);
  return [...parts].sort(([a], [b]) => a - b).flatMap(([, part]) => transactionsOf(part));
}

function transactionsOf<receipt extends UsageKey>(receipts: readonly receipt[]): PlannedBatch<receipt>[][] {
  const batches = Array.from(
    Map.groupBy(receipts, ({ epoch }) => epoch),
    ([epoch, of]) => ({
      epoch,
      receipts: [...of].sort((a, b) => (a.projectId < b.projectId ? -1 : 1)),
    }),
  );
  // The largest together: what is left over of earlier epochs has few receipts.
  batches.sort((a, b) => b.receipts.length - a.receipts.length || a.epoch - b.epoch);
  const transactions: PlannedBatch<receipt>[][] = [];
  for (let from = 0; from < batches.length; from += MOST_BATCHES)
    transactions.push(batches.slice(from, from + MOST_BATCHES).sort((a, b) => a.epoch - b.epoch));
  return transactions;
}
