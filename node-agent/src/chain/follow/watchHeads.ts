import { setTimeout as wait } from "node:timers/promises";
import { hexToBigInt, isHex, type PublicClient, type WebSocketTransport } from "viem";
import type { Header } from "./headers.ts";

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
  {
    signal,
    onHead,
    onError,
  }: { signal: AbortSignal; onHead(head: Header): void; onError(error: Error): void },
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

/**
 * Breaks the connection of a WebSocket that tells nothing any more, though it seems to be open: it is made anew, with its
 * subscriptions.
 */
export async function breakSocket(socket: PublicClient<WebSocketTransport>): Promise<void> {
  const client = await socketOf(socket);
  client?.socket.close();
}

/** Closes the connection for good. */
export async function closeSocket(socket: PublicClient<WebSocketTransport>): Promise<void> {
  const client = await socketOf(socket);
  client?.close();
}

interface RpcClient {
  readonly socket: { close(): void };
  close(): void;
}

async function socketOf({ transport }: PublicClient<WebSocketTransport>): Promise<RpcClient | undefined> {
  return (transport as unknown as { getRpcClient?: () => Promise<RpcClient> })
    .getRpcClient?.()
    .catch(() => undefined);
}

/** Undefined for what is no header: the poll finds the block then. */
function headOf(result: Record<string, unknown> | undefined): Header | undefined {
  const { number, hash, parentHash, timestamp, logsBloom } = result ?? {};
  if (!isHex(number) || !isHex(hash) || !isHex(parentHash) || !isHex(timestamp)) return undefined;
  return {
    number: hexToBigInt(number),
    hash,
    parentHash,
    timestamp: hexToBigInt(timestamp),
    logsBloom: isHex(logsBloom) ? logsBloom : undefined,
    transactions: undefined,
  };
}
