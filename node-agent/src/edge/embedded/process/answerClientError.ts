import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { type Refusal, refusalPage } from "../../Refusal.ts";
import { closeGently, isClosing } from "./closeGently.ts";

/**
 * Answers a connection on which no valid request came, and ends it: behind the answers to requests that came whole before.
 *
 * @param open - the responses that are not through.
 */
export function answerClientError(
  error: Error,
  options: { readonly socket: Socket; readonly open: readonly ServerResponse[]; readonly nodeId: number },
): void {
  const { socket, open } = options;
  if (isClosing(socket)) return;
  const code = "code" in error ? String(error.code) : "";
  const waitsFor = open.findLast(({ writableEnded }) => !writableEnded);
  // In the middle of another response a page would become part of it.
  if (code === "ECONNRESET" || !socket.writable || open.some(isUnfinished)) {
    socket.destroy();
    return;
  }
  if (waitsFor !== undefined) {
    waitsFor.once("finish", () => answerClientError(error, { ...options, open: [] }));
    return;
  }
  if (open.length > 0) {
    // The request has its answer, and what is wrong is the rest of it.
    closeGently(socket);
    return;
  }
  const refusal = toRefusal(code);
  const { headers, body } = refusalPage(refusal, { nodeId: options.nodeId, form: "text" });
  let head = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ""}\r\nconnection: close\r\n`;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    head += `${headers[index]}: ${headers[index + 1]}\r\n`;
  }
  socket.write(`${head}\r\n${body}`);
  closeGently(socket);
}

/** Whether it is the answer to a request of which a part is to come, which never will. */
function isUnfinished({ req, writableEnded }: ServerResponse): boolean {
  return !req.complete && !writableEnded;
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
