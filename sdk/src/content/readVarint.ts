import { varint } from "multiformats";
import type { CID } from "multiformats/cid";
import { type ByteReader, truncated } from "./byteReader.ts";
import { CarError } from "./errors.ts";
import { hexOf } from "./hexOf.ts";

/** Bytes of a length prefix at most: nothing worker3 takes needs more than 4. */
const MAX_VARINT_BYTES = 8;

/**
 * Reads a section's length, an unsigned varint in its shortest form.
 *
 * @throws {CarError} `CAR_TRUNCATED`, `CAR_BAD_SECTION`.
 */
export async function readVarint(reader: ByteReader, expected: CID, block: number): Promise<number> {
  const bytes: number[] = [];
  const refuse = (message: string): never => {
    throw new CarError({
      code: "CAR_BAD_SECTION",
      message,
      value: `0x${hexOf(Uint8Array.from(bytes))}`,
      expected: expected.toString(),
      block,
      received: reader.received(),
      next: "take the CAR from another source",
    });
  };
  for (;;) {
    const byte = await reader.byte();
    if (byte === undefined)
      throw truncated(`the length of block ${block} (${expected})`, 1, reader.received(), block);
    bytes.push(byte);
    if (byte < 0x80) break;
    if (bytes.length === MAX_VARINT_BYTES) refuse(`the length of block ${block} is no length`);
  }
  try {
    return varint.decode(Uint8Array.from(bytes))[0];
  } catch {
    return refuse(`the length of block ${block} is not written in its shortest form`);
  }
}
