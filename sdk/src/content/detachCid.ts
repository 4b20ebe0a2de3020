import { CID } from "multiformats/cid";

/** The same CID in bytes of its own. A decoded one is a view of its block, which it keeps in memory: up to 2 MiB. */
export function detachCid(cid: CID): CID {
  return CID.decode(cid.bytes.slice());
}
