import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CID } from "multiformats/cid";
import type { BlockStore } from "../content/blockStore.ts";
import { cidKey } from "../content/cidKey.ts";
import { DiskError } from "./errors.ts";

export interface ScratchStore extends BlockStore {
  /** Gives the disk space back. */
  close(): Promise<void>;
}

interface Place {
  offset: number;
  length: number;
}

/**
 * A block store in one unnamed file of the temporary directory: blocks are appended, an index of about 150 bytes a
 * block is in memory. The file loses its name at once, so nothing is left behind however the process ends.
 */
export async function openScratchStore(parent: string = tmpdir()): Promise<ScratchStore> {
  const file = await openUnnamed(parent);
  const places = new Map<string, Place>();
  let end = 0;
  return {
    async put(cid: CID, bytes: Uint8Array) {
      const key = cidKey(cid);
      if (places.has(key)) return cid;
      const place = { offset: end, length: bytes.length };
      places.set(key, place);
      end += bytes.length;
      await writeAll(file, bytes, place.offset);
      return cid;
    },
    async *get(cid: CID) {
      const place = places.get(cidKey(cid));
      if (place === undefined) {
        throw new DiskError({
          code: "DISK_NO_BLOCK",
          message: "the block was not stored",
          value: cid.toString(),
        });
      }
      yield await readAll(file, place);
    },
    close: () => file.close(),
  };
}

async function openUnnamed(parent: string): Promise<FileHandle> {
  const directory = await mkdtemp(join(parent, "worker3-"));
  try {
    return await open(join(directory, "blocks"), "wx+", 0o600);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}

async function readAll(file: FileHandle, place: Place): Promise<Uint8Array> {
  const bytes = new Uint8Array(place.length);
  for (let done = 0; done < place.length; ) {
    const { bytesRead } = await file.read(bytes, done, place.length - done, place.offset + done);
    if (bytesRead === 0) {
      throw new DiskError({
        code: "DISK_NO_BLOCK",
        message: "the scratch file is shorter than it was",
        value: "blocks",
      });
    }
    done += bytesRead;
  }
  return bytes;
}
