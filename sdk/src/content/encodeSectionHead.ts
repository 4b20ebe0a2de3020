import { varint } from "multiformats";
import type { CID } from "multiformats/cid";
import { concat } from "./concat.ts";

/** What stands before a block's bytes in a CAR: the varint of the section's length, and the CID. */
export function encodeSectionHead(cid: CID, blockBytes: number): Uint8Array<ArrayBuffer> {
  const length = cid.bytes.length + blockBytes;
  return concat([varint.encodeTo(length, new Uint8Array(varint.encodingLength(length))), cid.bytes]);
}
