import { foreignWords } from "../errors/foreignWords.ts";
import { Worker3Error } from "../errors/Worker3Error.ts";

/** A node did not answer, or not as a node does. `value` is its endpoint or URL. */
export class NodeError extends Worker3Error {}

/**
 * Why a request to a node came to nothing.
 *
 * @param cause What `fetch`, undici or a socket threw.
 * @returns `NODE_TIMEOUT` or `NODE_UNREACHABLE`.
 */
export function nodeUnreachable(endpoint: string, cause: unknown): NodeError {
  const innermost = innermostOf(cause);
  const code = codeOf(innermost);
  const isLate = /^(UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|ETIMEDOUT|TimeoutError)$/.test(code);
  return new NodeError({
    code: isLate ? "NODE_TIMEOUT" : "NODE_UNREACHABLE",
    message: isLate
      ? `The node at ${endpoint} did not answer in time.`
      : `The node at ${endpoint} cannot be reached: ${reasonOf(innermost, code)}.`,
    value: endpoint,
    next: "try again later; the project's other replicas may answer",
    cause,
  });
}

/** `fetch` says that it failed, and only its error's cause why. */
function innermostOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? innermostOf(error.cause) : error;
}

/** The system's or undici's code; of a time limit its name. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

function reasonOf(error: unknown, code: string): string {
  const message = error instanceof Error ? error.message : String(error);
  return message === "" ? code : foreignWords(message);
}
