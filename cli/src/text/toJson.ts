import { visibleJson } from "./visibleText.ts";

/**
 * A document as one line of JSON: bigint as decimal string, Date as ISO 8601 in UTC, undefined left out. Nothing in it moves a
 * terminal.
 */
export function toJson(document: unknown): string {
  return visibleJson(
    JSON.stringify(document, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
  );
}
