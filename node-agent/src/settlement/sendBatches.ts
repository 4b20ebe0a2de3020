import { encodeCall, MAX_RECEIPTS, RECEIPT_BYTES, settlement, signUsageBatch } from "@worker3/sdk";
import { type Hex, sliceHex } from "viem";
import type { OutboxCall } from "../chain/outbox/createOutbox.ts";
import type { BatchRow } from "../ledger/batchTable.ts";
import { batchStep } from "./batchStep.ts";
import type { Moment } from "./momentOf.ts";
import { previewReceipts } from "./previewReceipts.ts";
import type { SettlementParts } from "./SettlementParts.ts";

/**
 * Signs and sends open batches, sends those again whose transaction failed, and closes those about which everything is
 * said. The bytes are the same each time; the signature is by the key that the operator has now.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function sendBatches(
  parts: SettlementParts,
  moment: Moment,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { batches, outbox, view } = parts;
  for (const batch of batches.openBatches()) {
    signal.throwIfAborted();
    const { id, epoch, statements } = batch;
    const matching = view.countedBatches(epoch).filter((one) => one.statements === statements);
    const step = batchStep({
      epoch,
      moment,
      counted: matching.find(({ isFinal }) => isFinal) ?? matching[0],
      transaction: outbox.find(referenceOf(id)),
      isRetired: view.isRetiredIn(epoch),
      pausedUntil: view.pausedUntil(),
      nowMs,
    });
    if (step === "close") batches.closeBatch(id);
    else if (step === "send") outbox.enqueue(await callOf(parts, batch));
    else if (step === "again") await sendAgain(parts, batch, moment, signal);
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
  const { id, epoch } = batch;
  const previews = await previewReceipts(parts, epoch, receiptsOf(batch), signal);
  if (previews.some(({ skipped }) => skipped === undefined)) {
    outbox.retry(await callOf(parts, batch));
    return;
  }
  logger.warn({ batch: id, epoch }, "nothing of a batch would be counted now; its receipts wait");
  ledger.transaction(() => {
    for (const statement of batches.openStatements())
      if (statement.batch === id) batches.setTried(statement, headEpoch);
    batches.closeBatch(id);
  });
}

async function callOf({ view, operator }: SettlementParts, batch: BatchRow): Promise<OutboxCall> {
  const { network, nodeId } = view;
  const { id, epoch, statements, receipts } = batch;
  const message = { nodeId, epoch, statements, receipts };
  const signature = await signUsageBatch({ network, signer: operator, batch: message });
  const call = settlement.submit.call(view, { ...message, signature });
  return { reference: referenceOf(id), ...encodeCall(call) };
}

function referenceOf(batchId: number): string {
  return `submit:${batchId}`;
}

function receiptsOf({ receipts }: BatchRow): Hex[] {
  const count = Math.min((receipts.length - 2) / 2 / RECEIPT_BYTES, MAX_RECEIPTS);
  return Array.from({ length: count }, (_, i) =>
    sliceHex(receipts, i * RECEIPT_BYTES, (i + 1) * RECEIPT_BYTES),
  );
}
