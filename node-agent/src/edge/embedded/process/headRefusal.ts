import type { IncomingMessage } from "node:http";
import type { Refusal } from "../../Refusal.ts";
import { MAX_PASSES, passesOf } from "./cdnLoop.ts";
import { LIMITS } from "./limits.ts";

/** What is wrong with a request's head, whomever it is for. */
export function headRefusal(request: IncomingMessage): Refusal | undefined {
  const { method, headers, rawHeaders } = request;
  if (rawHeaders.length > 2 * LIMITS.requestHeaders) {
    return { status: 431, code: "HEADERS_TOO_LARGE", message: "the request has too many headers" };
  }
  // It would show a script what its visitor's browser hides from it (RFC 9110, 9.3.8: credentials must not be sent).
  if (method === "TRACE") {
    return {
      status: 405,
      code: "METHOD_NOT_ALLOWED",
      message: "TRACE is answered by nobody",
      allow: METHODS,
    };
  }
  const coding = headers["transfer-encoding"];
  // A body in another coding would go on as if it were plain (RFC 9112, 6.1).
  if (coding !== undefined && coding.trim().toLowerCase() !== "chunked") {
    const message = "the only transfer coding that is understood is chunked";
    return { status: 501, code: "TRANSFER_CODING_UNKNOWN", message };
  }
  const passes = passesOf(headers["cdn-loop"]?.toString());
  if (passes > MAX_PASSES) {
    const message = `the request came by ${passes} nodes before: workers fetch one another in a circle`;
    return { status: 508, code: "LOOP_DETECTED", message };
  }
  return undefined;
}

const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
