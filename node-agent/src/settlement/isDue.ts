import type { StatementRow } from "../ledger/batchTable.ts";
import type { Moment } from "./momentOf.ts";

/** Whether a statement is in no batch, was not tried in this epoch yet, and may still be counted. */
export function isDue(
  { epoch, batch, triedEpoch = -1 }: Pick<StatementRow, "epoch" | "batch" | "triedEpoch">,
  { headEpoch, times }: Pick<Moment, "headEpoch" | "times">,
): boolean {
  return (
    batch === undefined && triedEpoch < headEpoch && epoch < headEpoch && headEpoch <= epoch + times.late
  );
}
