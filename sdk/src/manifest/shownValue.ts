const MAX_LENGTH = 120;

/** A value as JSON for an error message, shortened; undefined when there is none. */
export function shownValue(value: unknown): string | undefined {
  const text = typeof value === "bigint" ? String(value) : JSON.stringify(value);
  return text === undefined || text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}...`;
}
