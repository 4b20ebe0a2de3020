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
      next: domainHint(text) ?? cause.next,
      cause,
    });
  }
  return domain;
}

/** What may be meant by a text that is no domain: the host of an address, or a name of the zone; undefined where nothing can be told. */
function domainHint(text: string): string | undefined {
  const address =
    /^[a-z][a-z\d+.-]*:\/\/[^/?#]/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (address !== undefined) {
    const { protocol, hostname } = address;
    return isDomain(hostname) ? `the domain without ${protocol}//: ${hostname}` : undefined;
  }
  const name = text.toLowerCase().replaceAll("_", "-");
  if (isDomain(name)) return `did you mean ${name}?`;
  return !name.includes(".") && isDomain(`${name}.zone`) ? `did you mean ${name}.<zone>?` : undefined;
}

function isDomain(text: string): boolean {
  try {
    checkDomain(text);
    return true;
  } catch {
    return false;
  }
}
