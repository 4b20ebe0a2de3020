import { chainOf, type Network } from "@worker3/sdk";
import {
  createPublicClient,
  fallback,
  http,
  type PublicClient,
  type Transport,
  type WebSocketTransport,
  webSocket,
} from "viem";

/** One source of truth about the chain: the RPC URLs of one host. */
export interface Provider {
  /** Its host, without credentials and keys. */
  readonly name: string;
  readonly client: PublicClient<Transport>;
  /** A WebSocket that tells of new heads; undefined where the host has none. */
  readonly socket: PublicClient<WebSocketTransport> | undefined;
}

/**
 * The providers of a network, in its order. URLs of one host are one provider: two of them agreeing says nothing.
 * Reads go over HTTP where there is a URL for it, else over the WebSocket.
 */
export function createProviders({
  network,
  requestTimeoutMs,
}: {
  network: Network;
  requestTimeoutMs: number;
}): Provider[] {
  const byHost = new Map<string, { web: string[]; sockets: string[] }>();
  for (const url of network.rpcUrls) {
    const { host, protocol } = new URL(url);
    const urls = byHost.get(host) ?? { web: [], sockets: [] };
    byHost.set(host, urls);
    (protocol.startsWith("ws") ? urls.sockets : urls.web).push(url);
  }
  const chain = chainOf(network);
  return Array.from(byHost, ([name, { web, sockets }]) => {
    const [socketUrl] = sockets;
    const socketTransport =
      socketUrl === undefined
        ? undefined
        : webSocket(socketUrl, { timeout: requestTimeoutMs, reconnect: { attempts: 1e9, delay: 1_000 } });
    const transports: Transport[] = web.map((url) => http(url, { timeout: requestTimeoutMs, retryCount: 0 }));
    if (transports.length === 0 && socketTransport !== undefined) transports.push(socketTransport);
    const [only] = transports;
    const transport = transports.length === 1 && only !== undefined ? only : fallback(transports);
    return {
      name,
      client: createPublicClient({ chain, transport }),
      socket:
        socketTransport === undefined ? undefined : createPublicClient({ chain, transport: socketTransport }),
    };
  });
}
