import { splitBatches, statementsDigest } from "@worker3/sdk";
import { concatHex } from "viem";
import type { StatementRow } from "../ledger/batchTable.ts";
import type { Moment } from "./momentOf.ts";
import { previewReceipts } from "./previewReceipts.ts";
import type { SettlementParts } from "./SettlementParts.ts";

/**
 * Puts statements into batches, in the order of their projects: those whose receipts would be counted now. The others,
 * for want of credit, come again in a later epoch while there is time. The bytes are stored; nothing is signed.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function makeBatches(
  parts: SettlementParts,
  moment: Moment,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { view, batches, ledger, logger } = parts;
  const { headEpoch } = moment;
  if (moment.headSeconds < view.pausedUntil()) return;
  const due = batches.openStatements().filter((statement) => isDue(statement, moment));
  for (const [epoch, statements] of Map.groupBy(due, (statement) => statement.epoch)) {
    if (view.isRetiredIn(epoch)) continue;
    const receipts = statements.map(({ receipt }) => receipt);
    const previews = await previewReceipts(parts, epoch, receipts, signal);
    const counting = statements.filter((_, i) => previews[i]?.skipped === undefined);
    ledger.transaction(() => {
      for (const [i, statement] of statements.entries()) {
        const why = previews[i]?.skipped;
        if (why === undefined) continue;
        batches.setTried(statement, headEpoch);
        logger.warn(
          { projectId: String(statement.projectId), epoch, why },
          "a receipt would not be counted now; it waits",
        );
      }
      for (const batch of splitBatches(counting)) {
        batches.addBatch({
          epoch,
          statements: statementsDigest(batch.map(({ digest }) => digest)),
          receipts: concatHex(batch.map(({ receipt }) => receipt)),
          projectIds: batch.map(({ projectId }) => projectId),
          triedEpoch: headEpoch,
          createdMs: nowMs,
        });
      }
    });
  }
}

/** Whether a statement is in no batch, was not tried in this epoch yet, and may still be counted. */
export function isDue(
  { epoch, batch, triedEpoch = -1 }: Pick<StatementRow, "epoch" | "batch" | "triedEpoch">,
  { headEpoch, times }: Pick<Moment, "headEpoch" | "times">,
): boolean {
  return (
    batch === undefined && triedEpoch < headEpoch && epoch < headEpoch && headEpoch <= epoch + times.late
  );
}
