import { CID } from "multiformats/cid";
import type { ByteReader } from "./byteReader.ts";
import { CID_BYTES } from "./cidBytes.ts";
import { CarError, type CarErrorCode } from "./errors.ts";
import { hexOf } from "./hexOf.ts";
import { readVarint } from "./readVarint.ts";

/**
 * Reads one section of a CAR, which has to hold the block `expected`. What the length prefix claims is checked before
 * any of it is read, and the CID before the block, so at most `blockBytes` are ever held. The hash is not checked.
 *
 * @throws {CarError} `CAR_TRUNCATED`, `CAR_BAD_SECTION`, `CAR_WRONG_BLOCK`, `CAR_LIMIT`.
 */
export async function readSection(
  reader: ByteReader,
  expected: CID,
  block: number,
  blockBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const refuse = (code: CarErrorCode, message: string, value: string): never => {
    const next = "take the CAR from another source";
    throw new CarError({
      code,
      message,
      value,
      expected: expected.toString(),
      block,
      received: reader.received(),
      next,
    });
  };
  const length = await readVarint(reader, expected, block);
  if (length < CID_BYTES)
    refuse("CAR_BAD_SECTION", `block ${block} is too short to have a CID`, String(length));
  if (length - CID_BYTES > blockBytes) {
    refuse(
      "CAR_LIMIT",
      `block ${block} claims more than the ${blockBytes} bytes that a block may have`,
      String(length),
    );
  }
  const cidBytes = await reader.exactly(CID_BYTES, `the CID of block ${block}`, block);
  if (!cidBytes.every((byte, index) => byte === expected.bytes[index])) {
    refuse(
      "CAR_WRONG_BLOCK",
      `block ${block} is not the one that the DAG has next, ${expected}`,
      cidText(cidBytes),
    );
  }
  return reader.exactly(length - CID_BYTES, `block ${block} (${expected})`, block);
}

function cidText(bytes: Uint8Array): string {
  try {
    return CID.decode(bytes).toString();
  } catch {
    return `0x${hexOf(bytes)}`;
  }
}
