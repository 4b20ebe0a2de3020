/** One thing that was compared. Rows say what they say in words, so that a person and a script read the same. */
export interface Row {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  readonly ok: boolean;
}

/** Compares two texts, which have to be written alike. */
export function row(what: string, expected: string, found: string): Row {
  return { what, expected, found, ok: expected === found };
}
