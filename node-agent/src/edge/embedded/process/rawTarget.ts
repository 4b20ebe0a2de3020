import { isUtf8 } from "node:buffer";
import type { Server } from "node:http";
import type { Socket } from "node:net";

/** A request line up to the target's end. None of these methods is the end of another's name, which a packet had cut. */
const REQUEST_LINE = /^((?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) )([^ \r\n]*)/;

/**
 * The bytes of a request whose target Node's parser refuses, with what is not ASCII in it written as a URL has it, `%` and
 * two digits: some programs send it as it is, in UTF-8.
 *
 * @param error - of the event `clientError`, with the packet and where in it the parser failed.
 * @returns undefined where it failed by something else, the packet has not the beginning of the request, or the target is
 *   no UTF-8.
 */
export function escapeTarget(error: Error): Buffer | undefined {
  const { code, rawPacket, bytesParsed } = error as Error & Readonly<Record<string, unknown>>;
  if (code !== "HPE_INVALID_URL" || !(rawPacket instanceof Buffer)) return undefined;
  const bytes = rawPacket.subarray(rawPacket.lastIndexOf("\n", Number(bytesParsed) || 0) + 1);
  const [line, method, target = ""] = REQUEST_LINE.exec(bytes.toString("latin1")) ?? [];
  if (line === undefined || !/[\x80-\xff]/.test(target) || !isUtf8(Buffer.from(target, "latin1")))
    return undefined;
  const escaped = target.replace(
    /[\x80-\xff]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return Buffer.concat([Buffer.from(`${method}${escaped}`), bytes.subarray(line.length)]);
}

/** What Node's HTTP server listens by to a connection. `bound socketOnClose` gives the parser back. */
const LISTENERS = {
  data: "bound socketOnData",
  end: "bound socketOnEnd",
  close: "bound socketOnClose",
  drain: "bound socketOnDrain",
  error: "socketOnError",
  timeout: "socketOnTimeout",
  pause: "onSocketPause",
  resume: "onSocketResume",
} as const;

/**
 * Lets a connection whose parser failed begin anew with these bytes: as if it had just been made, which the event
 * `connection` is documented for. Nothing may be under way on it.
 *
 * @returns false where Node's server is not made as it was known to be; then nothing was changed.
 */
export function beginAnew(server: Server, socket: Socket, bytes: Buffer): boolean {
  const giveBack = socket.listeners("close").find(({ name }) => name === LISTENERS.close);
  if (giveBack === undefined) return false;
  giveBack.call(socket);
  for (const [event, name] of Object.entries(LISTENERS)) {
    for (const listener of socket.listeners(event)) {
      if (listener.name === name) socket.removeListener(event, listener as () => void);
    }
  }
  socket.unshift(bytes);
  server.emit("connection", socket);
  return true;
}
