import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DiskError } from "./errors.ts";

/**
 * Writes a CAR (or any bytes) to a file so that the file is either whole or not there: into a temporary file beside
 * it, to the disk (fsync), then renamed over it, and the directory synced.
 *
 * @returns bytes written.
 * @throws {DiskError} `DISK_UNWRITABLE`; `value` is the path. What the source throws is passed on; either way no
 *   temporary file is left.
 */
export async function writeCar(
  path: string,
  car: AsyncIterable<Uint8Array>,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<number> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  const file = await orUnwritable(path, open(temporary, "wx"));
  try {
    let bytes = 0;
    try {
      for await (const part of car) {
        options.signal?.throwIfAborted();
        await orUnwritable(path, writeAll(file, part));
        bytes += part.length;
      }
      await orUnwritable(path, file.sync());
    } finally {
      await file.close();
    }
    await orUnwritable(path, rename(temporary, path));
    await orUnwritable(path, syncDirectory(dirname(path)));
    return bytes;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done);
    done += bytesWritten;
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function orUnwritable<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new DiskError({
      code: "DISK_UNWRITABLE",
      message: "a file cannot be written",
      value: path,
      next: "check that its directory is there, may be written and has room",
      cause,
    });
  }
}
