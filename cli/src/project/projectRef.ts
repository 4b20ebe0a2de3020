import { checkDomain, Worker3Error } from "@worker3/sdk";
import { UsageError } from "../errors.ts";

/** How a person names a project. */
export type ProjectRef = { readonly projectId: bigint } | { readonly domain: string };

/** What help says of such an argument. */
export const PROJECT_SUMMARY = "the project: its id, or a domain of it";

/**
 * Reads a project's name: digits are its id, all else a domain, in lower case.
 *
 * @throws {UsageError} `USAGE`.
 */
export function projectRef(text: string): ProjectRef {
  if (/^\d{1,20}$/.test(text)) {
    const projectId = BigInt(text);
    if (projectId > 0n && projectId < 1n << 64n) return { projectId };
    throw new UsageError({ message: "A project's id is 1 to 2^64 - 1.", value: text });
  }
  return { domain: domainRef(text) };
}

/**
 * Reads a domain, in any case, with or without a dot behind it.
 *
 * @throws {UsageError} `USAGE`.
 */
export function domainRef(text: string): string {
  const domain = text.toLowerCase().replace(/\.$/, "");
  try {
    checkDomain(domain);
  } catch (cause) {
    if (!(cause instanceof Worker3Error)) throw cause;
    throw new UsageError({
      message: `This is neither a project's id nor a domain: ${cause.message}.`,
      value: text,
      next: cause.next,
      cause,
    });
  }
  return domain;
}
