import type { CID } from "multiformats/cid";

/** A short string that is equal for equal CIDs: a key for maps and sets, three times faster than base32 text. */
export function cidKey(cid: CID): string {
  return String.fromCharCode(...cid.bytes);
}
