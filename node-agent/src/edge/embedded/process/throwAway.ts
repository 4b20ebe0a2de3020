import type { Socket } from "node:net";

/**
 * Reads a visitor's connection on, so that its end shows, and throws away what comes. Node's server gets none of it: it
 * would make requests of it without a bound, or has paused the connection until its visitor takes something.
 */
export function throwAway(socket: Socket): void {
  // With a listener of one's own Node takes the connection back from its parser.
  socket.on("data", () => {});
  socket.removeAllListeners("data");
  socket.resume();
}
