import { Resolver } from "node:dns/promises";
import type { ReadTxt } from "../queries/domainProof.ts";
import { QueryError } from "../queries/QueryError.ts";

const TIMEOUT_MS = 3_000;
const TRIES = 2;

/**
 * The TXT records of a name, by the resolver of this machine; none where there is no such name.
 *
 * @throws {QueryError} `DNS_FAILED`.
 */
export const readTxt: ReadTxt = async (name, signal) => {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  const stop = (): void => resolver.cancel();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return (await resolver.resolveTxt(name)).map((parts) => parts.join(""));
  } catch (cause) {
    signal?.throwIfAborted();
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    if (code === "ENOTFOUND" || code === "ENODATA") return [];
    throw new QueryError({
      code: "DNS_FAILED",
      message: `The DNS did not answer (${code}).`,
      value: name,
      next: "try again, or name the project by its id",
      cause,
    });
  } finally {
    signal?.removeEventListener("abort", stop);
  }
};
