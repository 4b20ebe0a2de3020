import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import type { Visitor } from "../../Visitor.ts";

/** What a node adds to a request that it forwards: the number of nodes that did. */
export const HOPS_HEADER = "worker3-hops";

/** Who sent a request, by its connection; undefined where that is gone already. */
export function visitorOf(
  request: IncomingMessage,
  { isWebSocket }: { readonly isWebSocket: boolean },
): Visitor | undefined {
  const { socket, httpVersionMajor } = request;
  const address = socket.remoteAddress;
  if (address === undefined) return undefined;
  const http = httpVersionMajor === 2 ? "h2" : "http/1.1";
  return {
    address: address.replace(/^::ffff:(?=\d+\.)/, ""),
    protocol: isWebSocket ? "websocket" : http,
    isTls: socket instanceof TLSSocket,
    hops: hopsOf(request.headers[HOPS_HEADER]),
  };
}

/** What is no number is a hop, too. */
function hopsOf(value: string | string[] | undefined): number {
  return value === undefined ? 0 : Math.max(1, Number.parseInt(String(value), 10) || 1);
}
