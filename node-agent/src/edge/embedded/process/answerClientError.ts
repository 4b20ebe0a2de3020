import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type Refusal, refusalPage } from "../../Refusal.ts";

/** Answers a connection on which no valid request came, and ends it. */
export function answerClientError(
  error: Error,
  options: { readonly socket: Duplex; readonly isBusy: boolean; readonly nodeId: number },
): void {
  const { socket } = options;
  const code = "code" in error ? String(error.code) : "";
  // In the middle of another response a page would become part of it.
  if (code === "ECONNRESET" || options.isBusy || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = toRefusal(code);
  const { headers, body } = refusalPage(refusal, { nodeId: options.nodeId, asJson: false });
  let head = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ""}\r\nconnection: close\r\n`;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    head += `${headers[index]}: ${headers[index + 1]}\r\n`;
  }
  socket.end(`${head}\r\n${body}`, () => socket.destroy());
}

function toRefusal(code: string): Refusal {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return { status: 431, code: "HEADERS_TOO_LARGE", message: "the request's head is too large" };
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { status: 408, code: "REQUEST_TIMEOUT", message: "the request's head did not come in time" };
    default:
      return { status: 400, code: "BAD_REQUEST", message: "this is not a valid HTTP/1.1 request" };
  }
}
