import type { IncomingMessage } from "node:http";
import type { Refusal } from "../../Refusal.ts";

const MIB = 1_048_576;

/** Why a request is not passed on whose head announces a larger body than it may have. */
export function announcedTooLarge(
  { headers }: Pick<IncomingMessage, "headers">,
  maxBytes: number,
): Refusal | undefined {
  return Number(headers["content-length"] ?? 0) > maxBytes ? bodyTooLarge(maxBytes) : undefined;
}

/** What the visitor is told whose body is larger than it may be (RFC 9110, 15.5.14). */
export function bodyTooLarge(maxBytes: number): Refusal {
  return {
    status: 413,
    code: "BODY_TOO_LARGE",
    message: `the project takes bodies of up to ${Math.floor(maxBytes / MIB)} MiB`,
  };
}
