import {
  formatTransactionReceipt,
  type Hash,
  isAddressEqual,
  type RpcTransactionReceipt,
  type TransactionReceipt,
} from "viem";
import { TransactionError } from "../../errors/errorClasses.ts";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { pause } from "../pause.ts";
import { lookUp } from "./broadcast.ts";
import { findTaken, type Taken } from "./findTaken.ts";
import { type Host, handOver, hostsOf, isKnown } from "./hostsOf.ts";
import type { Outgoing } from "./signCall.ts";

/** After so many looks, make sure that it is still on its way: not replaced, and not forgotten. */
const LOOKS_A_CHECK = 10;

export interface AwaitReceiptParameters {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** It was mined under another hash: the same call with another fee. */
  readonly onRepriced?: ((txHash: Hash) => void) | undefined;
}

/**
 * Waits until a transaction is mined. An answer that is lost is asked for again, one RPC after the other; a transaction that
 * the chain forgot is sent again, as long as its bytes are here.
 *
 * @throws {TransactionError} `TX_TIMEOUT`, `TX_REPLACED`.
 */
export async function awaitReceipt(
  client: NetworkClient,
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
      const receipt = await receiptOf(host, hash);
      if (receipt !== undefined) return receipt;
    } catch (cause) {
      trouble = cause;
    }
    if (look % LOOKS_A_CHECK === 0) {
      const taken = await keepOnItsWay(client, hosts, outgoing).catch(() => undefined);
      if (taken !== undefined && taken.hash !== hash) {
        if (!isSameCall(taken, outgoing)) throw replacedError(outgoing.hash, taken);
        hash = taken.hash;
        onRepriced?.(hash);
        continue;
      }
    }
    if (Date.now() > deadline) {
      throw new TransactionError({
        code: "TX_TIMEOUT",
        message: "The transaction was sent and not mined in time; it may still be.",
        next: lookUp(hash),
        txHash: hash,
        cause: trouble,
      });
    }
    await pause(client.publicClient.pollingInterval, signal);
  }
}

async function receiptOf(host: Host, hash: Hash): Promise<TransactionReceipt | undefined> {
  const told = await host({ method: "eth_getTransactionReceipt", params: [hash] });
  // Some RPCs know a receipt before its block.
  if (typeof told !== "object" || told === null || !("blockNumber" in told) || told.blockNumber === null) {
    return undefined;
  }
  return formatTransactionReceipt(told as RpcTransactionReceipt);
}

/** Whose nonce it is by now; sends again what nobody knows any more. */
async function keepOnItsWay(
  client: NetworkClient,
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
