import { ContractError, contractError, Worker3Error } from "@worker3/sdk";
import type { OutboxRow } from "../../ledger/outboxTable.ts";
import { firstRefusal, strictly } from "./aggregate.ts";
import { broadcast } from "./broadcast.ts";
import { capFees } from "./bumpFees.ts";
import { estimateFees } from "./estimateFees.ts";
import { noGasError } from "./noGasError.ts";
import { isBelievable, nextNonce } from "./nonces.ts";
import { OutboxError } from "./OutboxError.ts";
import type { OutboxParts } from "./OutboxParts.ts";
import { bookReceipt, findReceipt } from "./receipts.ts";
import { signCall } from "./signCall.ts";

/**
 * Sends what waits: what the contract would refuse fails here and costs nothing. The signed transaction is stored before
 * it leaves, so that it is the same one after whatever interrupts this.
 *
 * @throws {OutboxError} `NO_GAS`, `NONCE_UNSURE`: it still waits.
 * @throws {RpcError | TransactionError} As `broadcast`.
 */
export async function sendQueued(parts: OutboxParts, row: OutboxRow): Promise<void> {
  const { table, client, account, maxFeePerGas, logger, nowMs } = parts;
  const { address } = account;
  // One whose nonce seemed to be another's may have been mined for all that.
  const receipt = await findReceipt(parts, row.id);
  if (receipt !== undefined) return bookReceipt(parts, row, receipt);
  const gas = await estimateGas(parts, row);
  if (gas instanceof ContractError) {
    table.fail(row.id, gas.toJSON(), nowMs());
    logger.warn({ reference: row.reference, err: gas }, "the contract refuses a transaction");
    return;
  }
  const fees = capFees(await estimateFees(client.publicClient), maxFeePerGas);
  const balance = await client.publicClient.getBalance({ address });
  const needed = gas * fees.feePerGas + reservedGas(parts);
  if (balance < needed) throw noGasError(address, needed - balance);

  const nonce = await chooseNonce(parts);
  const signed = await signCall(parts, row, { ...fees, nonce, gas });
  table.sign(row.id, signed);
  logger.info({ reference: row.reference, hash: signed.hash, nonce }, "a transaction is on its way");
  await broadcast(parts, signed);
}

/** By what the chain holds, never by what an RPC says that it waits for. */
async function chooseNonce({ table, account, countTransactions, finalBlock }: OutboxParts): Promise<number> {
  const { address } = account;
  const own = table.noncesOf(address);
  const count = await countTransactions(address, "latest");
  if (!isBelievable({ count, own }, 0)) {
    const final = finalBlock();
    const finalCount = final < 0n ? 0 : await countTransactions(address, final);
    if (!isBelievable({ count, own }, finalCount)) throw unsureError(address, count, finalCount);
  }
  return nextNonce({ count, own });
}

function unsureError(address: string, count: number, finalCount: number): OutboxError {
  return new OutboxError({
    code: "NONCE_UNSURE",
    message: `the RPC counts ${count} transactions of the operator's account, of which a final block has ${finalCount} only`,
    value: address,
    next: "nothing: the agent asks again. If it stays, ask another RPC, and send nothing else with the operator's key",
  });
}

/**
 * The gas of a call and a quarter more, for other slots may be touched in its block; or why the contract refuses it. Of
 * several calls in one, all have to go well now; that one of them fails all the same shows in the events of its block.
 */
async function estimateGas(
  { client, account }: OutboxParts,
  { to, data }: OutboxRow,
): Promise<bigint | ContractError> {
  const call = { to, data };
  try {
    const gas = await client.publicClient.estimateGas({ account: account.address, ...strictly(call) });
    return gas + gas / 4n;
  } catch (cause) {
    const error = contractError(cause);
    if (error instanceof ContractError)
      return (await firstRefusal(client.publicClient, call, account.address)) ?? error;
    if (error instanceof Worker3Error && error.code === "NO_GAS")
      throw noGasError(account.address, 1n, cause);
    throw error;
  }
}

/** What the transactions on their way may cost. */
function reservedGas({ table, account }: OutboxParts): bigint {
  return table
    .list(["sent"])
    .flatMap(({ signed }) => (signed?.sender === account.address ? [signed.gas * signed.feePerGas] : []))
    .reduce((sum, cost) => sum + cost, 0n);
}
