import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { LIMITS } from "./limits.ts";

const closing = new WeakSet<Duplex>();

/** Whether `closeGently` was called: what still comes on the connection is no request. */
export function isClosing(socket: Duplex): boolean {
  return closing.has(socket);
}

/**
 * Ends a visitor's connection so that what was sent on it arrives: everything that waits goes out, then its end, and what
 * the visitor still sends is thrown away until it ends its side, falls silent, or goes on for too long. To close a
 * connection with something unread would reset it, and the reset overtakes the answer (RFC 9112, 9.6).
 */
export function closeGently(socket: Socket): void {
  if (socket.destroyed || closing.has(socket)) return;
  closing.add(socket);
  socket.end();
  socket.resume();
  let seen = socket.bytesRead;
  let leftMs = LIMITS.lingerMs;
  const watch = setInterval(() => {
    if (!socket.writableFinished) return;
    leftMs -= LIMITS.lingerIdleMs;
    if (socket.bytesRead === seen || leftMs <= 0) socket.destroy();
    seen = socket.bytesRead;
  }, LIMITS.lingerIdleMs);
  socket.once("close", () => clearInterval(watch));
}
