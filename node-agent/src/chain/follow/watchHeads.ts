import { setTimeout as wait } from "node:timers/promises";
import { type Hash, hexToBigInt, isHex, type PublicClient, type WebSocketTransport } from "viem";

/** The header of a block, as far as following a chain goes. */
export interface Head {
  readonly number: bigint;
  readonly hash: Hash;
  readonly parentHash: Hash;
  /** Unix time, in seconds. */
  readonly timestamp: bigint;
}

/** A subscription that could not be made is tried again after so long. */
const RETRY_MS = 5_000;

/**
 * Tells of each new head as soon as the RPC does, without asking for the block: `eth_subscribe` of `newHeads`. Goes on
 * over a connection that is made anew, until `signal` aborts.
 *
 * Source: https://geth.ethereum.org/docs/interacting-with-geth/rpc/pubsub#newheads
 */
export async function watchHeads(
  socket: PublicClient<WebSocketTransport>,
  { signal, onHead, onError }: { signal: AbortSignal; onHead(head: Head): void; onError(error: Error): void },
): Promise<void> {
  while (!signal.aborted) {
    try {
      const { unsubscribe } = await socket.transport.subscribe({
        params: ["newHeads"],
        onData({ result }) {
          const head = headOf(result as Record<string, unknown> | undefined);
          if (head !== undefined && !signal.aborted) onHead(head);
        },
        onError,
      });
      const end = () => void unsubscribe().catch(() => undefined);
      if (signal.aborted) end();
      else signal.addEventListener("abort", end, { once: true });
      return;
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
      await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Undefined for what is no header: the poll finds the block then. */
function headOf(result: Record<string, unknown> | undefined): Head | undefined {
  const { number, hash, parentHash, timestamp } = result ?? {};
  if (!isHex(number) || !isHex(hash) || !isHex(parentHash) || !isHex(timestamp)) return undefined;
  return { number: hexToBigInt(number), hash, parentHash, timestamp: hexToBigInt(timestamp) };
}
