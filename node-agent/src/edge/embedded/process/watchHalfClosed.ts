import type { Socket } from "node:net";
import { LIMITS } from "./limits.ts";

/**
 * Watches a connection whose visitor ended its side. It may wait for its answer like any other, or be gone: that shows
 * only once something is sent. So who gets nothing for a while is taken for gone, and its request is given up.
 */
export function watchHalfClosed(socket: Socket, silenceMs: number = LIMITS.halfClosedMs): void {
  let sent = socket.bytesWritten;
  const watch = setInterval(() => {
    if (socket.bytesWritten === sent && socket.writableLength === 0) socket.destroy();
    sent = socket.bytesWritten;
  }, silenceMs);
  socket.once("close", () => clearInterval(watch));
}
