import { epochStart, type Times } from "@worker3/sdk";
import type { StatementRow } from "../ledger/batchTable.ts";
import { isDue } from "./isDue.ts";
import type { Moment } from "./momentOf.ts";

type Waiting = Pick<StatementRow, "projectId" | "epoch" | "batch" | "triedEpoch" | "leftOut">;

export interface DueStatementsParameters<statement extends Waiting> {
  /** Those that are neither counted nor lost. */
  readonly open: readonly statement[];
  readonly moment: Moment;
  /** Epochs that one transaction may be made of: see `settlement.epochsPerTransaction`. 1: nothing waits for others. */
  readonly epochsPerTransaction: number;
  /** The node retires, or its operator's key was changed a short while ago. */
  readonly isLeaving: boolean;
  /** Usage of the epoch before this one is booked, and no statement yet. */
  readonly hasUnwritten: boolean;
  /** Whether a project's credit does not pay for another epoch. */
  readonly isShort: (projectId: bigint) => boolean;
}

/**
 * The statements whose receipts are to be handed in now.
 *
 * Receipts of several epochs cost half of the gas in one transaction, since the words of a project are touched once. So
 * those of some epochs are collected; after that there is still a whole epoch for a pause of submissions, or for
 * whatever else comes between. What was tried before has no more time to lose and is tried once an epoch; only what did not
 * pay its gas waits for the next transaction, or for the last epoch in which it may be counted.
 */
export function dueStatements<statement extends Waiting>(
  parameters: DueStatementsParameters<statement>,
): readonly statement[] {
  const { open, moment, epochsPerTransaction, isLeaving, hasUnwritten, isShort } = parameters;
  const { times, headEpoch, headSeconds } = moment;
  const due = open.filter((statement) => isDue(statement, moment));
  const most = collectedEpochs(times, epochsPerTransaction);
  const epochs = new Set(due.flatMap(({ epoch, triedEpoch }) => (triedEpoch === undefined ? [epoch] : [])));
  const oldest = Math.min(...epochs);
  // The statements of the epoch that ended last may come a little later than its end.
  const isWorthTheWait =
    hasUnwritten &&
    headEpoch === oldest + most &&
    headSeconds < epochStart(times, headEpoch) + times.epochSeconds / 2;
  const areCollected = epochs.size >= most || (headEpoch >= oldest + most && !isWorthTheWait);
  if (epochs.size > 0 && (isLeaving || areCollected)) return due;
  return due.filter(({ projectId, epoch, triedEpoch, leftOut }) => {
    if (leftOut === "Gas") return headEpoch === epoch + times.late;
    return triedEpoch !== undefined || isShort(projectId);
  });
}

/**
 * How many epochs are collected: when those are over, the oldest of them may be handed in for more than one epoch yet.
 *
 * @param epochsPerTransaction As the operator wants it, at least 1.
 */
export function collectedEpochs({ late }: Pick<Times, "late">, epochsPerTransaction: number): number {
  return Math.max(1, Math.min(epochsPerTransaction, late - 1));
}
