import { contractError, revertError, TransactionError, Worker3Error } from "@worker3/sdk";
import {
  isAddressEqual,
  TransactionNotFoundError,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
} from "viem";
import type { OutboxRow, SignedTransaction } from "../../ledger/outboxTable.ts";
import { broadcast } from "./broadcast.ts";
import { bumpFees } from "./bumpFees.ts";
import { estimateFees } from "./estimateFees.ts";
import { OutboxError } from "./OutboxError.ts";
import type { OutboxParts } from "./OutboxParts.ts";
import { signCall } from "./signCall.ts";

/**
 * Looks what became of a signed transaction, and books it; sends it again where the chain lost it, and with a higher fee
 * where it waits too long.
 *
 * A nonce that another program used up is believed only of a final block: until then a receipt of ours may yet come.
 *
 * @throws {OutboxError} `FEE_LIMIT`, `NO_GAS`: it is still watched.
 * @throws {RpcError | TransactionError} As `broadcast`.
 */
export async function watchSent(parts: OutboxParts, row: OutboxRow): Promise<void> {
  const { table, account, bumpAfterMs, nowMs, logger } = parts;
  const { id, reference, signed } = row;
  if (signed === undefined) return;
  const receipt = await findReceipt(parts, id);
  if (receipt !== undefined) return book(parts, row, receipt);
  if (row.state === "mined") {
    logger.warn({ reference }, "the chain was reorganised; a transaction is in no block any more");
    table.unmine(id, nowMs());
  }
  const used = await nonceUse(parts, signed);
  if (used === "final") {
    // It may have been mined between the two questions.
    const late = await findReceipt(parts, id);
    if (late === undefined) table.fail(id, replacedError(signed).toJSON(), nowMs());
    else await book(parts, row, late);
  }
  if (used !== "free") return;
  // What a reorganisation took out is as good as new.
  const isLate = row.state === "sent" && nowMs() - row.changedMs >= bumpAfterMs;
  if (isLate && isAddressEqual(signed.sender, account.address)) await bump(parts, row, signed);
  else await keepKnown(parts, signed);
}

async function book(parts: OutboxParts, row: OutboxRow, receipt: TransactionReceipt): Promise<void> {
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
async function findReceipt(
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

/** Whether a nonce is used up by what is mined. */
async function nonceUse(
  { client: { publicClient }, finalBlock }: OutboxParts,
  { sender: address, nonce }: SignedTransaction,
): Promise<"free" | "used" | "final"> {
  const count = await publicClient.getTransactionCount({ address, blockTag: "latest" });
  if (count <= nonce) return "free";
  const blockNumber = finalBlock();
  if (blockNumber < 0n) return "used";
  const finalCount = await publicClient.getTransactionCount({ address, blockNumber });
  return finalCount > nonce ? "final" : "used";
}

/** Signs it anew with a higher fee. All its forms have one nonce, so that only one of them can ever be mined. */
async function bump(parts: OutboxParts, row: OutboxRow, signed: SignedTransaction): Promise<void> {
  const { table, client, maxFeePerGas, logger } = parts;
  const fees = bumpFees(signed, await estimateFees(client.publicClient), maxFeePerGas);
  if (fees === undefined) {
    await keepKnown(parts, signed);
    throw new OutboxError({
      code: "FEE_LIMIT",
      message: "a transaction is not mined for the highest fee that this agent pays",
      value: row.reference,
      next: "nothing: the agent waits until the chain is cheaper",
    });
  }
  const { nonce, gas } = signed;
  const bumped = await signCall(parts, row, { ...fees, nonce, gas });
  table.sign(row.id, bumped);
  logger.info(
    { reference: row.reference, hash: bumped.hash, nonce },
    "a transaction waits; its fee is raised",
  );
  await broadcast(parts, bumped);
}

/** Sends it again where the chain does not know it: it never arrived, or was dropped. */
async function keepKnown(parts: OutboxParts, signed: SignedTransaction): Promise<void> {
  try {
    await parts.client.publicClient.getTransaction({ hash: signed.hash });
  } catch (error) {
    if (!(error instanceof TransactionNotFoundError)) throw error;
    await broadcast(parts, signed);
  }
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

function replacedError({ sender, nonce }: SignedTransaction): TransactionError {
  return new TransactionError({
    code: "TX_NONCE",
    message: "Another transaction of the operator's account was mined with this one's nonce.",
    value: `${sender} ${nonce}`,
    next: "run one agent only with this key",
  });
}
