import { Worker3Error } from "../errors/Worker3Error.ts";

/** Reads under way at a time: they share round trips, and a network of any size fits the memory. */
const WINDOW = 500;

/** Reads something for each id, in order; undefined where it fails with `absent`, the code for "there is none". */
export async function readEach<id, value>(
  ids: readonly id[],
  absent: string,
  read: (id: id) => Promise<value>,
): Promise<(value | undefined)[]> {
  const values: (value | undefined)[] = [];
  for (let start = 0; start < ids.length; start += WINDOW) {
    const reads = ids.slice(start, start + WINDOW).map((id) =>
      read(id).catch((error: unknown) => {
        if (error instanceof Worker3Error && error.code === absent) return undefined;
        throw error;
      }),
    );
    values.push(...(await Promise.all(reads)));
  }
  return values;
}
