import type { CID } from "multiformats/cid";
import type { ByteReader } from "./byteReader.ts";
import { encodeCarHeader } from "./encodeCarHeader.ts";
import { CarError } from "./errors.ts";
import { hexOf } from "./hexOf.ts";

/**
 * Reads the header and compares it with the only one that a CARv1 with this one root has: no decoder for CBOR meets
 * untrusted bytes.
 *
 * @throws {CarError} `CAR_BAD_HEADER`, `CAR_TRUNCATED`.
 */
export async function readHeader(reader: ByteReader, root: CID): Promise<void> {
  const expected = encodeCarHeader(root);
  const refuse = (message: string, value: string): never => {
    throw new CarError({
      code: "CAR_BAD_HEADER",
      message,
      value,
      expected: `CARv1 with the one root ${root}`,
      received: reader.received(),
      next: "send the CAR that worker3 pack writes, or a trustless gateway's",
    });
  };
  const length = await reader.exactly(1, "the header");
  if (length[0] === 0x0a) refuse("this is a CARv2; a CARv1 is expected", "CARv2");
  if (length[0] !== expected[0]) refuse("the CAR's header is not that of one root", `length ${length[0]}`);
  const body = await reader.exactly(expected.length - 1, "the header");
  if (body.every((byte, index) => byte === expected[index + 1])) return;
  refuse("the CAR's header does not name this root alone", hexOf(body));
}
