import type { CID } from "multiformats/cid";

/** Where blocks are read: a subset of `interface-blockstore`, so any store of that interface fits. */
export interface BlockReader {
  get(cid: CID): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** Where blocks are kept: a subset of `interface-blockstore`. */
export interface BlockStore extends BlockReader {
  put(cid: CID, bytes: Uint8Array): CID | Promise<CID>;
}
