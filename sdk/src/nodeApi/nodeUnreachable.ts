import { NodeError } from "./NodeError.ts";

/** Why a request to a node came to nothing, from what undici threw. */
export function nodeUnreachable(endpoint: string, cause: unknown): NodeError {
  const code = codeOf(cause);
  const late = /^(UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|ETIMEDOUT)$/.test(code);
  return new NodeError({
    code: late ? "NODE_TIMEOUT" : "NODE_UNREACHABLE",
    message: late
      ? `The node at ${endpoint} did not answer in time.`
      : `The node at ${endpoint} cannot be reached: ${reasonOf(cause, code)}.`,
    value: endpoint,
    next: "try again later; the project's other replicas may answer",
    cause,
  });
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}

function reasonOf(cause: unknown, code: string): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message === "" ? code : message;
}
