import type { FileHandle } from "node:fs/promises";
import type { BlockReader } from "@worker3/sdk";
import { varint } from "multiformats";
import type { CID } from "multiformats/cid";
import type { BlockRow } from "../ledger/contentTable.ts";

/** Bytes of the header of every CAR that `verifyCar` takes: CARv1 with one root of 36 bytes. */
const CAR_HEADER_BYTES = 59;

/** Where the blocks of one CAR lie. */
export interface CarIndex {
  /** Notes the CAR's next block, which has to be told in the CAR's order. */
  add(cid: CID, blockBytes: number): void;
  /** Bytes of the CAR up to the last block noted. */
  end(): number;
  rows(): Iterable<BlockRow>;
  /** Reads blocks from the CAR. */
  reader(file: FileHandle): BlockReader;
}

/** An index in memory, about 150 bytes a block. Works out the places: a CAR's sections follow from their blocks. */
export function carIndex(): CarIndex {
  const places = new Map<string, { offset: number; length: number }>();
  let end = CAR_HEADER_BYTES;
  return {
    add(cid, length) {
      const cidBytes = cid.bytes.length;
      const offset = end + varint.encodingLength(cidBytes + length) + cidBytes;
      places.set(keyOf(cid), { offset, length });
      end = offset + length;
    },
    end: () => end,
    *rows() {
      for (const [key, place] of places) yield { block: Buffer.from(key, "latin1"), ...place };
    },
    reader: (file) => ({
      async *get(cid) {
        const place = places.get(keyOf(cid));
        if (place === undefined) throw new RangeError(`the CAR has no block ${cid}`);
        yield await readAt(file, place);
      },
    }),
  };
}

/** Reads so many bytes at a place of a file; throws where the file ends before. */
export async function readAt(
  file: FileHandle,
  { offset, length }: { offset: number; length: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new RangeError("the CAR on the disk is shorter than it was");
    done += bytesRead;
  }
  return bytes;
}

/** A string that is equal for equal CIDs, and from which the CID's bytes come back. */
function keyOf(cid: CID): string {
  return Buffer.from(cid.bytes.buffer, cid.bytes.byteOffset, cid.bytes.length).toString("latin1");
}
