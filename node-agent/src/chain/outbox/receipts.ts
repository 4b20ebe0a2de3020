import { contractError, revertError, Worker3Error } from "@worker3/sdk";
import { type TransactionReceipt, TransactionReceiptNotFoundError } from "viem";
import type { OutboxRow } from "../../ledger/outboxTable.ts";
import type { OutboxParts } from "./OutboxParts.ts";

/**
 * Books what a receipt says: mined, final where its block is, or failed with the contract's reason.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function bookReceipt(
  parts: OutboxParts,
  row: OutboxRow,
  receipt: TransactionReceipt,
): Promise<void> {
  const { table, finalBlock, nowMs, logger } = parts;
  const { transactionHash: hash, blockNumber: block, blockHash } = receipt;
  if (receipt.status === "reverted") {
    const error = await revertOf(parts, row, receipt);
    table.fail(row.id, error.toJSON(), nowMs());
    logger.warn({ reference: row.reference, hash, err: error }, "a transaction was mined and refused");
    return;
  }
  if (row.mined?.blockHash !== blockHash) table.mine(row.id, { hash, block, blockHash }, nowMs());
  if (block <= finalBlock()) table.finish(row.id, nowMs());
}

/** The receipt of whichever of its signed forms was mined. */
export async function findReceipt(
  { table, client }: OutboxParts,
  id: number,
): Promise<TransactionReceipt | undefined> {
  for (const hash of table.hashesOf(id).reverse()) {
    try {
      return await client.publicClient.getTransactionReceipt({ hash });
    } catch (error) {
      if (!(error instanceof TransactionReceiptNotFoundError)) throw error;
    }
  }
  return undefined;
}

/** The receipt says only that it was refused: the same call on the state of its block says why. */
async function revertOf(
  { client }: OutboxParts,
  { to, data, signed }: OutboxRow,
  { blockNumber, transactionHash: txHash }: TransactionReceipt,
): Promise<Worker3Error> {
  try {
    await client.publicClient.call({ ...(signed && { account: signed.sender }), to, data, blockNumber });
  } catch (cause) {
    const error = contractError(cause, { txHash });
    if (error instanceof Worker3Error && !error.code.startsWith("RPC_")) return error;
    throw cause;
  }
  return revertError(undefined, { txHash });
}
