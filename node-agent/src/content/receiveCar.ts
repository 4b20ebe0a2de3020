import type { FileHandle } from "node:fs/promises";
import { type ContentLimits, verifyCar } from "@worker3/sdk";
import type { CID } from "multiformats/cid";
import { type CarIndex, carIndex } from "./carIndex.ts";
import { writeAt } from "./createFile.ts";
import { onDisk } from "./onDisk.ts";

export interface ReceiveCarOptions {
  readonly source: AsyncIterable<Uint8Array>;
  readonly root: CID;
  readonly file: FileHandle;
  /** The file's path, for errors. */
  readonly path: string;
  readonly limits: Partial<ContentLimits>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a stranger's CAR to a file while it is verified, and brings it to the disk (fsync). Holds a block and a piece
 * of the source, and the index. What the file holds when this throws is worth nothing.
 *
 * @throws {CarError} as `verifyCar` does; {ContentError} `DISK_FULL`, `DISK_UNUSABLE`; what the source throws.
 */
export async function receiveCar(options: ReceiveCarOptions): Promise<CarIndex> {
  const { source, root, file, path, limits, signal } = options;
  const index = carIndex();
  for await (const { cid, bytes } of verifyCar(copied(source, file, path), root, { limits, signal })) {
    index.add(cid, bytes.length);
  }
  await onDisk(path, file.sync());
  return index;
}

/** The same pieces; each is on its way into the file while the consumer hashes it. */
async function* copied(
  source: AsyncIterable<Uint8Array>,
  file: FileHandle,
  path: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let position = 0;
  for await (const piece of source) {
    const writing = onDisk(path, writeAt(file, piece, position));
    // It is awaited below, but may fail before that.
    writing.catch(() => undefined);
    position += piece.length;
    try {
      yield piece;
    } finally {
      await writing;
    }
  }
}
