import { encodeCall, MAX_RECEIPTS, RECEIPT_BYTES, settlement, signUsageBatch } from "@worker3/sdk";
import { type Address, type Hex, sliceHex } from "viem";
import { aggregate } from "../chain/outbox/aggregate.ts";
import type { OutboxCall } from "../chain/outbox/createOutbox.ts";
import type { BatchRow } from "../ledger/batchTable.ts";
import { batchStep } from "./batchStep.ts";
import type { Moment } from "./momentOf.ts";
import { previewReceipts } from "./previewReceipts.ts";
import type { SettlementParts } from "./SettlementParts.ts";

/**
 * Signs and sends open batches, those together that were put into one transaction; sends those again whose transaction
 * failed, and closes those about which everything is said. The bytes are the same each time; the signature is by the key that
 * the operator has now.
 *
 * A transaction of several batches that failed, or was mined without one of them being counted, is taken apart: each goes
 * alone then, where the contract says what is wrong with it and it holds up no other.
 *
 * @param multicall As in `makeBatches`.
 * @throws {RpcError} The chain cannot be asked.
 */
export async function sendBatches(
  parts: SettlementParts,
  moment: Moment,
  multicall: Address | undefined,
  { nowMs, signal }: { readonly nowMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { batches, outbox, view, logger } = parts;
  for (const [reference, group] of Map.groupBy(batches.openBatches(), (batch) => batch.reference)) {
    signal.throwIfAborted();
    const transaction = outbox.find(reference);
    const sending: BatchRow[] = [];
    for (const batch of group) {
      const { id, epoch, statements, isShared } = batch;
      const matching = view.countedBatches(epoch).filter((one) => one.statements === statements);
      const step = batchStep({
        epoch,
        moment,
        counted: matching.find(({ isFinal }) => isFinal) ?? matching[0],
        transaction,
        isShared,
        isRetired: view.isRetiredIn(epoch),
        pausedUntil: view.pausedUntil(),
        nowMs,
      });
      if (step === "close") batches.closeBatch(id);
      else if (step === "send") sending.push(batch);
      else if (step === "again") await sendAgain(parts, batch, moment, signal);
      else if (step === "alone") {
        batches.unshare(id);
        const why = transaction?.error?.code ?? "not counted";
        logger.warn({ batch: id, epoch, why }, "a batch did not go through with others; it goes alone");
      }
    }
    if (sending.length > 1 && multicall === undefined) for (const { id } of sending) batches.unshare(id);
    else if (sending.length > 0) outbox.enqueue(await callOf(parts, reference, sending, multicall));
  }
}

/** A batch of which nothing would be counted is given up; its statements may come in another one. */
async function sendAgain(
  parts: SettlementParts,
  batch: BatchRow,
  { headEpoch }: Moment,
  signal: AbortSignal,
): Promise<void> {
  const { batches, outbox, ledger, logger } = parts;
  const { id, epoch, reference } = batch;
  const previews = await previewReceipts(parts, { epoch, receipts: receiptsOf(batch) }, signal);
  if (previews.some(({ skipped }) => skipped === undefined)) {
    outbox.retry(await callOf(parts, reference, [batch], undefined));
    return;
  }
  logger.warn({ batch: id, epoch }, "nothing of a batch would be counted now; its receipts wait");
  const whyOf = new Map(previews.map(({ receipt, skipped }) => [receipt.projectId, skipped]));
  ledger.transaction(() => {
    for (const statement of batches.openStatements())
      if (statement.batch === id)
        batches.leaveOut(statement, headEpoch, whyOf.get(statement.projectId) ?? "TooLittleCredit");
    batches.closeBatch(id);
  });
}

/** The transaction of one batch, or of some through a Multicall3. */
async function callOf(
  { view, operator }: SettlementParts,
  reference: string,
  batches: readonly BatchRow[],
  multicall: Address | undefined,
): Promise<OutboxCall> {
  const { network, nodeId } = view;
  const calls = await Promise.all(
    batches.map(async ({ epoch, statements, receipts }) => {
      const message = { nodeId, epoch, statements, receipts };
      const signature = await signUsageBatch({ network, signer: operator, batch: message });
      return encodeCall(settlement.submit.call(view, { ...message, signature }));
    }),
  );
  const [first, ...others] = calls;
  if (first === undefined) throw new RangeError("a transaction has at least one batch");
  if (others.length === 0) return { reference, ...first };
  if (multicall === undefined) throw new RangeError("several batches go out through a Multicall3");
  return { reference, ...aggregate(multicall, calls) };
}

function receiptsOf({ receipts }: BatchRow): Hex[] {
  const count = Math.min((receipts.length - 2) / 2 / RECEIPT_BYTES, MAX_RECEIPTS);
  return Array.from({ length: count }, (_, i) =>
    sliceHex(receipts, i * RECEIPT_BYTES, (i + 1) * RECEIPT_BYTES),
  );
}
