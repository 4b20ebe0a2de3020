import type { CID } from "multiformats/cid";
import { concat } from "./concat.ts";

/**
 * The header of a CARv1 with one root, with its length prefix: 59 bytes that the root alone decides.
 *
 * It is dag-cbor: {"roots": [link], "version": 1}, keys shorter first.
 * Source: https://ipld.io/specs/transport/car/carv1/
 */
export function encodeCarHeader(root: CID): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder();
  const body = concat([
    Uint8Array.of(0xa2, 0x65),
    text.encode("roots"),
    Uint8Array.of(0x81, 0xd8, 0x2a, 0x58, root.bytes.length + 1, 0x00),
    root.bytes,
    Uint8Array.of(0x67),
    text.encode("version"),
    Uint8Array.of(0x01),
  ]);
  return concat([Uint8Array.of(body.length), body]);
}
