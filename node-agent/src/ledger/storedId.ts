/** SQLite's integers have a sign. */
const MOST = (1n << 63n) - 1n;
/** No project or node has this id. */
const NOBODY = -1n;

/**
 * An id that somebody asks for, as a statement takes it: ids of the chain have 64 bits without a sign, and those of the upper half,
 * which SQLite cannot hold, belong to nothing that is stored.
 */
export function storedId(id: bigint): bigint {
  return id > MOST ? NOBODY : id;
}

/** The id after which a list goes on: after one that cannot be stored comes nothing. */
export function storedAfter(id: bigint): bigint {
  return id > MOST ? MOST : id;
}
