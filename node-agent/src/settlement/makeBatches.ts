import { feeOf, formatAmount, statementsDigest } from "@worker3/sdk";
import { type Address, concatHex } from "viem";
import type { LeftOut, StatementRow } from "../ledger/batchTable.ts";
import { dueStatements } from "./dueStatements.ts";
import { gasCost } from "./gasCost.ts";
import { isLeaving } from "./isLeaving.ts";
import type { Moment } from "./momentOf.ts";
import { type PricedReceipt, payingReceipts } from "./payingReceipts.ts";
import { type PlannedBatch, planTransactions } from "./planTransactions.ts";
import { previewReceipts } from "./previewReceipts.ts";
import type { SettlementParts } from "./SettlementParts.ts";

interface PricedStatement extends PricedReceipt {
  readonly statement: StatementRow;
}

/**
 * Puts statements into batches when it is time, and batches into transactions: those whose receipts would be counted now, and are
 * worth their gas. The others come again in a later epoch while there is time. The bytes are stored; nothing is signed.
 *
 * @param multicall Where several batches may go out in one transaction; undefined: nowhere.
 * @throws {RpcError} The chain cannot be asked.
 */
export async function makeBatches(
  parts: SettlementParts,
  moment: Moment,
  multicall: Address | undefined,
  { nowMs, signal }: { readonly nowMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { view, batches, usage, settings } = parts;
  if (moment.headSeconds < view.pausedUntil()) return;
  const due = dueStatements({
    open: batches.openStatements().filter(({ epoch }) => !view.isRetiredIn(epoch)),
    moment,
    epochsPerTransaction: multicall === undefined ? 1 : settings.epochsPerTransaction,
    isLeaving: isLeaving(parts, nowMs),
    hasUnwritten: usage.epochs().includes(moment.headEpoch - 1),
    isShort: parts.isShort,
  });
  if (due.length === 0) return;
  const { counting, leftOut } = await priceStatements(parts, due, signal);
  const unitsOf = counting.length === 0 ? undefined : await gasCost(parts, signal);
  const paying = unitsOf === undefined ? counting : payingReceipts(counting, unitsOf);
  const isPaying = new Set(paying);
  parts.ledger.transaction(() => {
    for (const [statement, why] of leftOut) leaveOut(parts, moment, statement, why);
    for (const priced of counting)
      if (!isPaying.has(priced)) leaveOut(parts, moment, priced.statement, "Gas", priced.net);
    for (const planned of planTransactions(paying)) {
      const ids = planned.map((batch) => addBatch(parts, moment, batch, nowMs));
      if (multicall !== undefined && ids.length > 1) batches.share(ids);
    }
  });
}

/** What the chain would make of some statements now: what each pays the node, or why it is left out. */
async function priceStatements(
  parts: SettlementParts,
  due: readonly StatementRow[],
  signal: AbortSignal,
): Promise<{ counting: PricedStatement[]; leftOut: [StatementRow, LeftOut][] }> {
  const counting: PricedStatement[] = [];
  const leftOut: [StatementRow, LeftOut][] = [];
  /** What the earlier epochs take of each project's credit. */
  const spent = new Map<bigint, bigint>();
  for (const [epoch, statements] of Map.groupBy(due, (statement) => statement.epoch)) {
    const receipts = statements.map(({ receipt }) => receipt);
    const previews = await previewReceipts(parts, { epoch, receipts, spent }, signal);
    const feeBps = parts.view.prices(epoch)?.feeBps ?? 0;
    for (const [i, statement] of statements.entries()) {
      const { skipped, amount = 0n } = previews[i] ?? {};
      const { projectId } = statement;
      if (skipped !== undefined) leftOut.push([statement, skipped]);
      else {
        spent.set(projectId, (spent.get(projectId) ?? 0n) + amount);
        counting.push({ statement, projectId, epoch, net: amount - feeOf(amount, feeBps) });
      }
    }
  }
  return { counting, leftOut };
}

function leaveOut(
  { batches, logger }: Pick<SettlementParts, "batches" | "logger">,
  { headEpoch }: Moment,
  statement: StatementRow,
  why: LeftOut,
  net?: bigint,
): void {
  const { projectId, epoch } = statement;
  batches.leaveOut(statement, headEpoch, why);
  if (net === undefined)
    logger.warn({ projectId: String(projectId), epoch, why }, "a receipt would not be counted now; it waits");
  else
    logger.info(
      { projectId: String(projectId), epoch, pays: formatAmount(net) },
      "a receipt costs more gas now than it pays; it waits for the next transaction",
    );
}

function addBatch(
  { batches }: Pick<SettlementParts, "batches">,
  { headEpoch }: Moment,
  { epoch, receipts }: PlannedBatch<PricedStatement>,
  nowMs: number,
): number {
  const statements = receipts.map(({ statement }) => statement);
  return batches.addBatch({
    epoch,
    statements: statementsDigest(statements.map(({ digest }) => digest)),
    receipts: concatHex(statements.map(({ receipt }) => receipt)),
    projectIds: statements.map(({ projectId }) => projectId),
    triedEpoch: headEpoch,
    createdMs: nowMs,
  });
}
