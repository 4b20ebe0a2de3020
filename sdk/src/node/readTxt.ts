import { Resolver } from "node:dns/promises";
import { Worker3Error } from "../errors/Worker3Error.ts";

/** Asks the DNS for the texts of a name. */
export type ReadTxt = (name: string, signal?: AbortSignal) => Promise<readonly string[]>;

const TIMEOUT_MS = 3_000;
const TRIES = 2;

/**
 * The TXT records of a name, by the resolver of this machine; none where there is no such name.
 *
 * @throws {Worker3Error} `DNS_FAILED`.
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
    throw new Worker3Error({
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
