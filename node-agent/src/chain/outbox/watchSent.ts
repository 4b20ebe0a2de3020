import { TransactionError } from "@worker3/sdk";
import { isAddressEqual, TransactionNotFoundError } from "viem";
import type { OutboxRow, SignedTransaction } from "../../ledger/outboxTable.ts";
import { broadcast } from "./broadcast.ts";
import { bumpFees } from "./bumpFees.ts";
import { estimateFees } from "./estimateFees.ts";
import { missingNonces } from "./nonces.ts";
import { OutboxError } from "./OutboxError.ts";
import type { OutboxParts } from "./OutboxParts.ts";
import { bookReceipt, findReceipt } from "./receipts.ts";
import { signCall } from "./signCall.ts";

/**
 * Looks what became of a signed transaction, and books it; sends it again where the chain lost it, and with a higher fee
 * where it waits too long.
 *
 * A nonce that another program used up is believed only of a final block, and when no receipt of ours is found a second
 * time: until then one may yet come.
 *
 * @throws {OutboxError} `FEE_LIMIT`, `NO_GAS`: it is still watched.
 * @throws {RpcError | TransactionError} As `broadcast`.
 */
export async function watchSent(parts: OutboxParts, row: OutboxRow): Promise<void> {
  const { table, account, bumpAfterMs, missedOnce, nowMs, logger } = parts;
  const { id, reference, signed } = row;
  const receipt = await findReceipt(parts, id);
  if (receipt !== undefined) {
    missedOnce.delete(id);
    return bookReceipt(parts, row, receipt);
  }
  if (row.state === "mined") {
    logger.warn({ reference }, "the chain was reorganised; a transaction is in no block any more");
    table.unmine(id, nowMs());
  }
  if (signed === undefined) return;
  const count = await parts.countTransactions(signed.sender, "latest");
  if (count > signed.nonce) {
    if (!(await isUsedForGood(parts, signed))) return;
    // An RPC that knows the count but not the receipt yet would be believed at the first time.
    if (!missedOnce.has(id)) missedOnce.add(id);
    else {
      missedOnce.delete(id);
      table.fail(id, replacedError(signed).toJSON(), nowMs());
    }
    return;
  }
  missedOnce.delete(id);
  // What a reorganisation took out is as good as new; what waits for a nonce that is missing no fee brings on.
  const isLate = row.state === "sent" && nowMs() - row.changedMs >= bumpAfterMs;
  const isOurs = isAddressEqual(signed.sender, account.address);
  const [gap = signed.nonce] = missingNonces({ count, own: table.noncesOf(signed.sender) }, 1);
  if (isLate && isOurs && gap >= signed.nonce) await bump(parts, row, signed);
  else await keepKnown(parts, signed);
}

/** Whether the newest final block holds a transaction with the nonce. */
async function isUsedForGood(
  { countTransactions, finalBlock }: OutboxParts,
  { sender, nonce }: SignedTransaction,
): Promise<boolean> {
  const block = finalBlock();
  return block >= 0n && (await countTransactions(sender, block)) > nonce;
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

function replacedError({ sender, nonce }: SignedTransaction): TransactionError {
  return new TransactionError({
    code: "TX_NONCE",
    message: "Another transaction of the operator's account was mined with this one's nonce.",
    value: `${sender} ${nonce}`,
    next: "run one agent only with this key",
  });
}
