/** A content that lies here. */
export interface HeldContent {
  readonly cid: string;
  /** Of all its files, as visitors get them: not of blocks, CARs or copies. */
  readonly bytes: number;
}

/** What placement makes a seat hold of a project. What it chose to keep besides is not in it: older versions, caches, logs. */
export interface Obligation {
  /** The contents of the active version and of that of a split, as far as they are here. */
  readonly contents: readonly HeldContent[];
}

/**
 * The logical bytes that a seat is obliged to hold, for which its project pays. A content that two versions share counts once.
 * Each kind of state that placement puts on a seat adds its own part here.
 */
export function obligedBytes({ contents }: Obligation): bigint {
  const byCid = new Map(contents.map(({ cid, bytes }) => [cid, bytes]));
  let sum = 0n;
  for (const bytes of byCid.values()) sum += BigInt(bytes);
  return sum;
}
