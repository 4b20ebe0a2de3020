import { foreignWords } from "../errors/foreignWords.ts";
import { Worker3Error } from "../errors/Worker3Error.ts";
import { KuboError } from "./KuboError.ts";
import { refused } from "./kuboTransport.ts";

/**
 * What a call to a daemon threw, as an error that says what to do. What is one already is passed on. What the client threw by
 * itself came of an answer that it could not read: all that it is given has been read before.
 */
export function kuboErrorOf(url: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof Worker3Error) return cause;
  if (cause instanceof DOMException) return cause;
  if (!("code" in cause) || typeof cause.code !== "string") {
    return refused(url, `with something that is no answer of Kubo's: ${cause.message}`, cause);
  }
  return new KuboError({
    code: "KUBO_UNREACHABLE",
    message: `the IPFS daemon at ${url} cannot be reached: ${foreignWords(cause.message || cause.code)}`,
    value: url,
    next: "see that it runs, and that the address is that of its RPC API: ipfs config Addresses.API",
    cause,
  });
}

/** The daemon was silent for too long. */
export function kuboTimeout(url: string): KuboError {
  return new KuboError({
    code: "KUBO_TIMEOUT",
    message: `the IPFS daemon at ${url} did not answer in time`,
    value: url,
    next: "see whether it is busy; content that nobody has is looked for without an end",
  });
}
