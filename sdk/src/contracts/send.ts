import type { Account, Address, Hash, Hex, LocalAccount, Log, TransactionReceipt } from "viem";
import { isAddressEqual } from "viem";
import { parseAccount } from "viem/accounts";
import { contractError } from "../errors/contractError.ts";
import { ContractError, TransactionError } from "../errors/errorClasses.ts";
import { revertError } from "../errors/revertError.ts";
import type { NetworkWriter } from "../network/createNetworkWriter.ts";
import { type Call, type EncodedCall, encodeCall } from "./call.ts";
import { pause } from "./pause.ts";
import { awaitReceipt } from "./sending/awaitReceipt.ts";
import { broadcast, LOOK_UP, NonceTaken } from "./sending/broadcast.ts";
import { sendByWallet } from "./sending/sendByWallet.ts";
import { type Outgoing, signCall } from "./sending/signCall.ts";
import { untilAborted } from "./untilAborted.ts";

/** What every write takes besides its own arguments. */
export interface WriteOptions {
  /** Instead of the writer's own account. */
  readonly account?: Account | Address | undefined;
  /** How long to wait until the transaction is mined; 180,000 ms. */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait. What was sent may still be mined: the error then is `ABORTED`, with its hash. */
  readonly signal?: AbortSignal | undefined;
  /** Called as soon as a transaction leaves, before anybody knows whether it arrives; again where it had to be signed anew. */
  readonly onSent?: ((txHash: Hash, call: Call) => void) | undefined;
  /** Called once an RPC or a wallet has taken a transaction over: the account's next one may be signed. */
  readonly onHandedOver?: (() => void) | undefined;
  /** Called where the account's owner raised the fee in a wallet: it was mined under this hash, `instead` of that which left. */
  readonly onRepriced?: ((txHash: Hash, instead: Hash) => void) | undefined;
  /** Called once a transaction is mined and did what it should. */
  readonly onMined?: ((txHash: Hash, call: Call) => void) | undefined;
  /** Called once a transaction is mined of which the RPC says that it failed. */
  readonly onReverted?: ((txHash: Hash, call: Call) => void) | undefined;
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
/** How long RPCs are tried that say neither yes nor no to a transaction. */
const HANDING_OVER_MS = 60_000;
/** How often a call is signed anew whose nonce another program of the same account took. */
const SIGNINGS = 5;
const LONGEST_BACKOFF_MS = 500;

/**
 * Sends one contract call: simulates it first, so that a refusal costs nothing and becomes a typed error, then sends it
 * and waits until it is mined. Reads of the same client after that show it.
 *
 * With a key at hand the transaction is signed here, so that its hash is known before it leaves: a lost answer is looked up
 * and never makes a second transaction. A wallet's account sends by itself, once.
 *
 * Gas is the estimate and a quarter more: a draw of nodes reads other slots in the block that mines it.
 *
 * @throws {ContractError} The contract refuses; with `txHash` where it did so only when mined, without where nothing was
 *   signed.
 * @throws {TransactionError} It could not be sent, was not mined in time, or nobody can tell: with `txHash` where it may
 *   still be mined.
 * @throws {RpcError} The chain could not be asked.
 */
export async function sendCall(client: NetworkWriter, call: Call, options: WriteOptions): Promise<SentCall> {
  for (let signing = 1; ; signing += 1) {
    try {
      return await sendOnce(client, call, options);
    } catch (error) {
      // Two programs with one key: what the other one sent may have changed what this call meets, so all is done anew.
      if (!(error instanceof NonceTaken) || signing === SIGNINGS) throw error;
      await pause(Math.random() * LONGEST_BACKOFF_MS, options.signal);
    }
  }
}

async function sendOnce(client: NetworkWriter, call: Call, options: WriteOptions): Promise<SentCall> {
  const { timeoutMs = TIMEOUT_MS, signal, onSent, onRepriced, onMined, onReverted } = options;
  const { publicClient, ownWrites } = client;
  const account = senderOf(client, options.account);
  let txHash: Hash | undefined;
  try {
    const transaction = { account, ...encodeCall(call) };
    await untilAborted(publicClient.call(transaction), signal);
    const estimate = await untilAborted(publicClient.estimateGas(transaction), signal);
    const gas = estimate + estimate / 4n;
    const leaves = (hash: Hash): void => {
      txHash = hash;
      onSent?.(hash, call);
    };
    const sent = { ...transaction, gas, timeoutMs, signal, leaves };
    const outgoing =
      account.type === "local"
        ? await sendSigned(client, { ...sent, account })
        : await sendByWallet(client, sent);
    options.onHandedOver?.();
    const waiting = awaitReceipt(client, outgoing, { timeoutMs, signal, onRepriced });
    const receipt = await untilAborted(waiting, signal);
    const { transactionHash, blockNumber, blockHash, logs } = receipt;
    txHash = transactionHash;
    ownWrites.mined({ blockNumber, blockHash, logs });
    if (receipt.status === "reverted") {
      onReverted?.(txHash, call);
      throw await revertOf(client, transaction, receipt);
    }
    onMined?.(txHash, call);
    return { txHash, blockNumber, logs };
  } catch (cause) {
    if (txHash !== undefined && signal?.aborted === true && cause === signal.reason) {
      throw abortedError(txHash, cause);
    }
    throw contractError(cause, { txHash });
  }
}

interface Sending extends EncodedCall {
  readonly gas: bigint;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Called when the transaction leaves. */
  readonly leaves: (txHash: Hash) => void;
}

async function sendSigned(
  client: NetworkWriter,
  { account, signal, timeoutMs, leaves, ...call }: Sending & { readonly account: LocalAccount },
): Promise<Outgoing> {
  const outgoing = await untilAborted(signCall(client, account, call), signal);
  signal?.throwIfAborted();
  const patienceMs = Math.min(timeoutMs, HANDING_OVER_MS);
  const handing = broadcast(client, outgoing, { patienceMs, signal });
  leaves(outgoing.hash);
  await untilAborted(handing, signal);
  return outgoing;
}

function abortedError(txHash: Hash, reason: unknown): TransactionError {
  const why = reason instanceof Error ? reason.message : String(reason);
  return new TransactionError({
    code: "ABORTED",
    message: `The wait was ended (${why}); the transaction was sent and may still be mined.`,
    next: LOOK_UP,
    txHash,
    cause: reason,
  });
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
    const error = contractError(cause, { txHash });
    // That the reason cannot be asked for changes nothing of what is told.
    return error instanceof ContractError ? error : revertError(undefined, { txHash, cause });
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
