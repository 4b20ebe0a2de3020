import {
  type Address,
  formatTransactionReceipt,
  type Hash,
  isAddressEqual,
  type RpcTransactionReceipt,
  type TransactionReceipt,
} from "viem";
import { RpcError, TransactionError } from "../../errors/errorClasses.ts";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { pause } from "../pause.ts";
import { LOOK_UP } from "./broadcast.ts";
import { findTaken, type Taken } from "./findTaken.ts";
import { type Host, handOver, hostsOf, isKnown } from "./hostsOf.ts";
import type { Outgoing } from "./signCall.ts";

/** After so many looks, make sure that it is still on its way: not replaced, and not forgotten. */
const LOOKS_A_CHECK = 10;

export interface AwaitReceiptParameters {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** It was mined under another hash: the same call with another fee. */
  readonly onRepriced?: ((txHash: Hash, instead: Hash) => void) | undefined;
}

/**
 * Waits until a transaction is mined. An answer that is lost is asked for again, one RPC after the other; a transaction that
 * the chain forgot is sent again, as long as its bytes are here. A receipt of another transaction is none, and what took its
 * place counts where the account signed it.
 *
 * @throws {TransactionError} `TX_TIMEOUT`, `TX_REPLACED`.
 */
export async function awaitReceipt(
  client: Pick<NetworkClient, "publicClient">,
  outgoing: Pick<Outgoing, "hash"> & Partial<Outgoing>,
  { timeoutMs, signal, onRepriced }: AwaitReceiptParameters,
): Promise<TransactionReceipt> {
  const hosts = hostsOf(client);
  const deadline = Date.now() + timeoutMs;
  let { hash } = outgoing;
  let trouble: unknown;
  for (let look = 1; ; look += 1) {
    const host = hosts[look % hosts.length] ?? hosts[0];
    try {
      const receipt = await receiptOf(host, { ...outgoing, hash });
      if (receipt !== undefined) return receipt;
    } catch (cause) {
      trouble = cause;
    }
    if (look % LOOKS_A_CHECK === 0) {
      const taken = await keepOnItsWay(client, hosts, outgoing).catch(() => undefined);
      if (taken?.isProven === true && taken.hash !== hash) {
        if (!isSameCall(taken, outgoing)) throw replacedError(outgoing.hash, taken);
        hash = taken.hash;
        onRepriced?.(hash, outgoing.hash);
        continue;
      }
    }
    if (Date.now() > deadline) {
      throw new TransactionError({
        code: "TX_TIMEOUT",
        message: "The transaction was sent and not mined in time; it may still be.",
        next: LOOK_UP,
        txHash: hash,
        cause: trouble,
      });
    }
    await pause(client.publicClient.pollingInterval, signal);
  }
}

async function receiptOf(
  host: Host,
  { hash, from, to, raw }: Pick<Outgoing, "hash"> & Partial<Outgoing>,
): Promise<TransactionReceipt | undefined> {
  const told = await host({ method: "eth_getTransactionReceipt", params: [hash] });
  // Some RPCs know a receipt before its block.
  if (typeof told !== "object" || told === null || !("blockNumber" in told) || told.blockNumber === null) {
    return undefined;
  }
  const receipt = formatTransactionReceipt(told as RpcTransactionReceipt);
  // What a wallet sends may go by way of a contract of its own.
  const goesThere = raw === undefined || (receipt.to !== null && isSame(receipt.to, to));
  if (receipt.transactionHash === hash && isSame(receipt.from, from) && goesThere) return receipt;
  throw new RpcError({
    code: "RPC_FAILED",
    message: "The RPC answered with the receipt of another transaction.",
    value: hash,
    next: "name another RPC: --rpc, or in the network file",
    txHash: hash,
  });
}

/** Whether it is the address that is expected, where one is. */
function isSame(told: Address, expected: Address | undefined): boolean {
  return expected === undefined || isAddressEqual(told, expected);
}

/** Whose nonce it is by now; sends again what nobody knows any more. */
async function keepOnItsWay(
  client: Pick<NetworkClient, "publicClient">,
  hosts: readonly Host[],
  { hash, raw, from, nonce, sinceBlock }: Pick<Outgoing, "hash"> & Partial<Outgoing>,
): Promise<Taken | undefined> {
  if (from === undefined || nonce === undefined || sinceBlock === undefined) return undefined;
  const taken = await findTaken(client, { from, nonce, sinceBlock });
  if (taken !== undefined || raw === undefined || (await isKnown(hosts, hash))) return taken;
  await Promise.allSettled(hosts.map((host) => handOver(host, raw)));
  return undefined;
}

function isSameCall({ to, data, value }: Taken, outgoing: Partial<Outgoing>): boolean {
  return (
    to !== null &&
    outgoing.to !== undefined &&
    isAddressEqual(to, outgoing.to) &&
    data === outgoing.data &&
    value === 0n
  );
}

function replacedError(hash: Hash, taken: Taken): TransactionError {
  const isEmpty = taken.data === "0x" && taken.value === 0n;
  return new TransactionError({
    code: "TX_REPLACED",
    message: isEmpty
      ? "The transaction was cancelled: an empty one of the account was mined in its place."
      : "Another transaction of the account was mined in the place of this one, which will not be.",
    value: hash,
    next: "nothing of it happened: run it again if it shall",
    txHash: taken.hash,
  });
}
