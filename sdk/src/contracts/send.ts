import {
  type Account,
  type Address,
  type Hash,
  type Hex,
  isAddressEqual,
  type Log,
  type TransactionReceipt,
} from "viem";
import { parseAccount } from "viem/accounts";
import { contractError } from "../errors/contractError.ts";
import { TransactionError } from "../errors/errorClasses.ts";
import { revertError } from "../errors/revertError.ts";
import type { NetworkWriter } from "../network/createNetworkWriter.ts";
import { type Call, encodeCall } from "./call.ts";
import { pause } from "./pause.ts";
import { untilAborted } from "./untilAborted.ts";

/** What every write takes besides its own arguments. */
export interface WriteOptions {
  /** Instead of the writer's own account. */
  readonly account?: Account | Address | undefined;
  /** How long to wait until the transaction is mined; 180,000 ms. */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait. What was sent may still be mined: see `onSent`. */
  readonly signal?: AbortSignal | undefined;
  /** Called once the transaction is on its way. */
  readonly onSent?: ((txHash: Hash) => void) | undefined;
}

/** What every write gives back. */
export interface Mined {
  readonly txHash: Hash;
  readonly blockNumber: bigint;
}

/** A mined call with its logs. */
export interface SentCall extends Mined {
  readonly logs: readonly Log[];
}

const TIMEOUT_MS = 180_000;

/**
 * Sends one contract call: simulates it first, so that a refusal costs nothing and becomes a typed error, then sends it
 * and waits until it is mined.
 *
 * Gas is the estimate and a quarter more: a draw of nodes reads other slots in the block that mines it.
 *
 * @throws {ContractError} The contract refuses; with `txHash` where it did so only when mined.
 * @throws {TransactionError} It could not be sent, or was not mined in time.
 * @throws {RpcError} The chain could not be asked.
 */
export async function sendCall(client: NetworkWriter, call: Call, options: WriteOptions): Promise<SentCall> {
  const { timeoutMs = TIMEOUT_MS, signal, onSent } = options;
  const { publicClient, walletClient } = client;
  const account = senderOf(client, options.account);
  let txHash: Hash | undefined;
  try {
    const transaction = { account, ...encodeCall(call) };
    await untilAborted(publicClient.call(transaction), signal);
    const gas = await untilAborted(publicClient.estimateGas(transaction), signal);
    signal?.throwIfAborted();
    txHash = await walletClient.sendTransaction({ ...transaction, gas: gas + gas / 4n });
    onSent?.(txHash);
    const receipt = await untilAborted(waitForReceipt(client, txHash, { timeoutMs, signal }), signal);
    if (receipt.status === "reverted") throw await revertOf(client, transaction, receipt);
    return { txHash: receipt.transactionHash, blockNumber: receipt.blockNumber, logs: receipt.logs };
  } catch (cause) {
    throw contractError(cause, { txHash });
  }
}

async function waitForReceipt(
  { publicClient }: NetworkWriter,
  hash: Hash,
  {
    timeoutMs: timeout,
    signal: given,
  }: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
): Promise<TransactionReceipt> {
  let replaced = false;
  const over = new AbortController();
  // Whoever is told to stop leaves nothing that asks on.
  const signal = given === undefined ? over.signal : AbortSignal.any([over.signal, given]);
  const waited = publicClient.waitForTransactionReceipt({
    hash,
    timeout,
    signal,
    onReplaced: ({ reason }) => {
      replaced = reason !== "repriced";
    },
  });
  waited.catch(() => undefined); // heard below, or not wanted any more
  let receipt: TransactionReceipt;
  try {
    receipt = await Promise.race([waited, receiptOf(publicClient, hash, signal)]);
  } finally {
    over.abort();
  }
  if (!replaced) return receipt;
  throw new TransactionError({
    code: "TX_REPLACED",
    message: "Another transaction of the account was mined in the place of this one.",
    txHash: receipt.transactionHash,
  });
}

const LOOK_AGAIN_MS = 1_000;

/**
 * The receipt, asked for again and again. viem looks for it at each block and no more: where an RPC tells of the block a
 * moment before it tells of the receipt, and no other block comes, that would be never.
 */
async function receiptOf(
  publicClient: NetworkWriter["publicClient"],
  hash: Hash,
  signal: AbortSignal,
): Promise<TransactionReceipt> {
  for (;;) {
    await pause(LOOK_AGAIN_MS, signal);
    const receipt = await publicClient.getTransactionReceipt({ hash }).catch(() => undefined);
    if (receipt !== undefined) return receipt;
  }
}

/** The receipt says only that it failed: the same call on the state of its block says why. */
async function revertOf(
  { publicClient }: NetworkWriter,
  transaction: { account: Account | Address; to: Address; data: Hex },
  { blockNumber, transactionHash: txHash }: TransactionReceipt,
): Promise<unknown> {
  try {
    await publicClient.call({ ...transaction, blockNumber });
    return revertError(undefined, { txHash });
  } catch (cause) {
    return contractError(cause, { txHash });
  }
}

/**
 * The account that sends: the given one, or the writer's own. An address that is the writer's own account becomes that
 * account, so that its key signs here.
 *
 * @throws {TransactionError} `NO_ACCOUNT`.
 */
export function senderOf({ walletClient }: NetworkWriter, account: Account | Address | undefined): Account {
  const own = walletClient.account;
  if (account === undefined) {
    if (own !== undefined) return own;
    throw new TransactionError({
      code: "NO_ACCOUNT",
      message: "There is no account to send this transaction from.",
      next: "give a key with --key or WORKER3_PRIVATE_KEY",
    });
  }
  if (typeof account === "string" && own !== undefined && isAddressEqual(own.address, account)) return own;
  return parseAccount(account);
}
