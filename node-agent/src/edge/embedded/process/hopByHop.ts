/** Headers of one connection, not of a message (RFC 9110, 7.6.1, and what RFC 2616 had besides). Lower case. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Options that name no header beyond those above: what nearly every connection says. */
const COMMON: ReadonlySet<string> = new Set(["close", "keep-alive", "upgrade", ""]);

/** The further header names that a `Connection` header lists, in lower case. */
export function connectionOptions(value: string): string[] {
  return value
    .toLowerCase()
    .split(",")
    .map((option) => option.trim())
    .filter((option) => !COMMON.has(option));
}
