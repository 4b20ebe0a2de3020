import type { ServerResponse } from "node:http";
import { closeGently } from "./closeGently.ts";

/**
 * Ends a visitor's connection in the middle of a response: what was sent of it arrives, and shows that it is not whole.
 * Where neither a length nor chunks would show that, because the end of the connection is the end of the body (RFC 9112,
 * 6.3), it is reset.
 *
 * @param hasLength - whether the response's head has a `Content-Length`.
 */
export function breakOff(response: ServerResponse, { hasLength }: { readonly hasLength: boolean }): void {
  response.flushHeaders();
  const { socket } = response;
  // Of a connection that is closed there is nothing to end.
  if (socket === null) return;
  if (hasLength || response.chunkedEncoding) closeGently(socket);
  else socket.resetAndDestroy();
}
