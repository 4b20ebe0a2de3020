/** A document as one line of JSON: bigint as decimal string, Date as ISO 8601 in UTC, undefined left out. */
export function toJson(document: unknown): string {
  return JSON.stringify(document, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}
