/** One thing that a node wants of its machine. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Whether a node does not serve strangers without it. */
  readonly needed: boolean;
  /** What was found. */
  readonly detail: string;
  /** What gets it, where it is not there: a command or a setting. */
  readonly fix?: string;
}

/** Where nothing is to be mended, there is nothing to say about how. */
export function check(
  name: string,
  ok: boolean,
  detail: string,
  { fix, needed = false }: { fix?: string | undefined; needed?: boolean } = {},
): Check {
  return { name, ok, needed, detail, ...(ok || fix === undefined ? {} : { fix }) };
}
