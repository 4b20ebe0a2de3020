import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { DiskError } from "./errors.ts";

/** Bytes read at once, at most. */
const READ_BYTES = 1_048_576;

/**
 * A regular file's bytes, opened when the first are asked for. A symbolic link put there in the meantime is not
 * followed, a pipe does not block.
 *
 * @throws {DiskError} `DISK_NOT_A_FILE`, `DISK_UNREADABLE`; `value` is the path.
 */
export async function* readDiskFile(
  path: string,
  options: { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await openFile(path);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) {
      throw new DiskError({
        code: "DISK_NOT_A_FILE",
        message: "this is no longer a regular file",
        value: path,
        next: "pack again when nothing else writes to the folder",
      });
    }
    // One byte more than is left: a read that does not fill its buffer was the last. A buffer of the most that is read at
    // once would cost a small file a millisecond, for zeroing it and for what collects it.
    for (let left = stat.size; ; ) {
      options.signal?.throwIfAborted();
      const length = Math.min(Math.max(left, 0) + 1, READ_BYTES);
      const { bytesRead, buffer } = await handle.read(new Uint8Array(length), 0, length);
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      if (bytesRead < length) return;
      left = left > bytesRead ? left - bytesRead : READ_BYTES;
    }
  } finally {
    await handle.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    throw new DiskError({
      code: "DISK_UNREADABLE",
      message: "a file cannot be opened",
      value: path,
      next: "check that it is there, is a regular file and may be read",
      cause,
    });
  }
}
