import { Worker3Error } from "../errors/Worker3Error.ts";
import { KuboError } from "./KuboError.ts";

/** What a daemon says is told so far. */
const MOST_TOLD = 300;

/** What a call to a daemon threw, as an error that says what to do. What is one already is passed on. */
export function kuboErrorOf(url: string, cause: unknown): Error {
  if (cause instanceof Worker3Error) return cause;
  if (!(cause instanceof Error)) return refused(url, String(cause), cause);
  // An answer of its own with a status, or one that is not JSON.
  if (cause.name === "HTTPError" || cause instanceof SyntaxError) return refused(url, cause.message, cause);
  if (cause.name === "TimeoutError") return kuboTimeout(url, cause);
  const { code, message } = innermostOf(cause);
  if (code === undefined && !(cause instanceof TypeError)) return cause;
  return new KuboError({
    code: "KUBO_UNREACHABLE",
    message: `the IPFS daemon at ${url} cannot be reached: ${message || code}`,
    value: url,
    next: "see that it runs, and that the address is that of its RPC API: ipfs config Addresses.API",
    cause,
  });
}

/** The daemon was silent for too long. */
export function kuboTimeout(url: string, cause?: unknown): KuboError {
  return new KuboError({
    code: "KUBO_TIMEOUT",
    message: `the IPFS daemon at ${url} did not answer in time`,
    value: url,
    next: "see whether it is busy; content that nobody has is looked for without an end",
    cause,
  });
}

function refused(url: string, said: string, cause: unknown): KuboError {
  const [line = ""] = said.trim().slice(0, MOST_TOLD).split("\n");
  return new KuboError({
    code: "KUBO_REFUSED",
    message: `the IPFS daemon at ${url} answers: ${line || "with an error"}`,
    value: url,
    next: "see that the address is that of its RPC API, not of its gateway: ipfs config Addresses.API",
    cause,
  });
}

/** `fetch` says that it failed, and only its error's cause why. */
function innermostOf(error: Error): { readonly code: string | undefined; readonly message: string } {
  if (error.cause instanceof Error) return innermostOf(error.cause);
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return { code, message: error.message };
}
