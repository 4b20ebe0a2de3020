import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** To which undici gives a length of 0 where they have no body; it takes the length of all others away. */
const GIVEN_LENGTH: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "QUERY", "PROPFIND", "PROPPATCH"]);
/** No visitor can know it. */
const MARK = `worker3-framing-${randomBytes(8).toString("hex")}`;

/**
 * The last header of a request without a body, name and value, where undici would frame it otherwise than it came: to a
 * worker, `request.body` is null without a length and an empty stream with one of 0.
 */
export function framingMark({
  method = "GET",
  headers,
}: Pick<IncomingMessage, "method" | "headers">): string[] {
  const hasLength = headers["content-length"] !== undefined;
  return hasLength === GIVEN_LENGTH.has(method) ? [] : [MARK, hasLength ? "zero" : "none"];
}

/** Makes a connection of undici's write the framing that a mark stands for, in place of it and all that follows. */
export function frameAsAsked(socket: Socket): void {
  const { write } = socket;
  socket.write = ((chunk: unknown, ...rest: []) =>
    write.call(
      socket,
      (typeof chunk === "string" ? framed(chunk) : chunk) as string,
      ...rest,
    )) as Socket["write"];
}

function framed(head: string): string {
  const start = head.lastIndexOf(`\r\n${MARK}: `);
  if (start === -1) return head;
  const length = head.startsWith("zero", start + MARK.length + 4) ? "\r\ncontent-length: 0" : "";
  return `${head.slice(0, start)}${length}\r\n\r\n`;
}
