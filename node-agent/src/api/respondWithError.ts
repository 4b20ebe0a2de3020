import { randomUUID } from "node:crypto";
import { Worker3Error } from "@worker3/sdk";
import type { Context } from "hono";
import { ApiError } from "./ApiError.ts";
import type { FailureLog } from "./createFailureLog.ts";
import { errorStatus } from "./errorStatus.ts";

/** Seconds after which to ask again, where the node cannot answer for the moment. */
const RETRY_AFTER_SECONDS = "5";

/**
 * Answers with an error document. Of what is the node's own trouble (5xx) strangers get code and message, and the rest is
 * logged: a path of its disk is none of their business. What was not foreseen is `INTERNAL` with an id, which the log has
 * beside the whole error.
 */
export function respondWithError(c: Context, error: unknown, log: FailureLog): Response {
  const status = error instanceof Worker3Error ? errorStatus(error.code) : undefined;
  if (!(error instanceof Worker3Error) || status === undefined) return respondInternal(c, error, log);
  const { code, message } = error;
  c.header("worker3-error", code);
  if (status === 429) c.header("Retry-After", RETRY_AFTER_SECONDS);
  if (status < 500) return c.json({ error }, status);
  log.failed(error, { method: c.req.method, path: c.req.path });
  c.header("Retry-After", RETRY_AFTER_SECONDS);
  return c.json({ error: { code, message, next: "try again later, or another replica" } }, status);
}

function respondInternal(c: Context, error: unknown, log: FailureLog): Response {
  const id = randomUUID();
  log.failed(error, { method: c.req.method, path: c.req.path, id });
  const document = new ApiError({
    code: "INTERNAL",
    message: "something went wrong on the node",
    value: id,
    next: "try again; if it stays so, tell the node's operator this id",
  });
  c.header("worker3-error", document.code);
  return c.json({ error: document }, 500);
}
