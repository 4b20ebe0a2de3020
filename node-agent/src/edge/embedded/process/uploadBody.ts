import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { closeGently } from "./closeGently.ts";
import { LIMITS } from "./limits.ts";

/** Whether a request announces a body. */
export function hasBody(request: IncomingMessage): boolean {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  return encoding !== undefined || (length !== undefined && Number(length) !== 0);
}

/**
 * A request's body as a stream that undici may destroy: destroying the request itself would cut the visitor's
 * connection before the response is through. A visitor who falls silent in the middle is cut off.
 *
 * @param onBytes - is told of each piece.
 */
export function uploadBody(request: IncomingMessage, onBytes: (bytes: number) => void): PassThrough {
  const body = new PassThrough();
  const idle = setTimeout(() => {
    // Silent because the upstream does not read is not the visitor's fault.
    if (body.writableNeedDrain) idle.refresh();
    else request.socket.destroy();
  }, LIMITS.uploadIdleMs);
  const refresh = (chunk: Buffer) => {
    idle.refresh();
    onBytes(chunk.length);
  };
  request.on("data", refresh);
  request.once("end", () => clearTimeout(idle));
  body.once("close", () => {
    clearTimeout(idle);
    request.off("data", refresh);
    request.unpipe(body);
    request.resume();
  });
  request.pipe(body);
  return body;
}

/** Throws away what is left of a body after the response; the connection of who does not come to its end is closed. */
export function discardBody(request: IncomingMessage): void {
  if (request.complete || request.socket.destroyed) return;
  const cut = setTimeout(() => closeGently(request.socket), LIMITS.discardMs);
  const stop = () => clearTimeout(cut);
  request.once("end", stop);
  request.socket.once("close", stop);
  request.resume();
}
