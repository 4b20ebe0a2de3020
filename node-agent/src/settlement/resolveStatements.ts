import { amountOf, decodeReceipts, formatAmount } from "@worker3/sdk";
import type { StatementRow } from "../ledger/batchTable.ts";
import type { Moment } from "./momentOf.ts";
import type { SettlementParts } from "./SettlementParts.ts";

/**
 * Books what the chain said for good: receipts that were counted, whichever batch brought them, and receipts whose time
 * is over, which are lost.
 */
export function resolveStatements({ ledger, batches, view, logger }: SettlementParts, moment: Moment): void {
  const open = Map.groupBy(batches.openStatements(), ({ epoch }) => epoch);
  for (const [epoch, statements] of open) {
    const final = view.countedBatches(epoch).filter(({ isFinal }) => isFinal);
    const counted = new Set(final.flatMap(({ lines }) => lines.map(({ projectId }) => projectId)));
    const isOver = moment.finalEpoch > epoch + moment.times.late;
    if (counted.size === 0 && !isOver) continue;
    const own = new Set(batches.batchesOf(epoch).map((batch) => batch.statements));
    for (const batch of final.filter((one) => !own.has(one.statements)))
      logger.warn(
        { epoch, statements: batch.statements },
        "a batch was counted whose statements are not here",
      );
    ledger.transaction(() => {
      for (const statement of statements) {
        if (counted.has(statement.projectId)) batches.endStatement(statement, "counted");
        else if (isOver) lose(statement);
      }
    });
  }

  function lose(statement: StatementRow): void {
    const { projectId, epoch, receipt, leftOut: why } = statement;
    batches.endStatement(statement, "lost");
    const cap = view.seatsIn(epoch).find((seat) => seat.projectId === projectId)?.cap;
    const prices = view.prices(epoch);
    const [usage] = decodeReceipts(receipt);
    const isKnown = cap !== undefined && prices !== undefined && usage !== undefined;
    const lost = formatAmount(isKnown ? amountOf(prices, cap, usage) : 0n);
    logger.warn(
      { projectId: String(projectId), epoch, lost, why },
      why === "Gas"
        ? "a receipt never paid its gas while it could be counted, and is dropped"
        : "a receipt was not counted in time and is lost",
    );
  }
}
