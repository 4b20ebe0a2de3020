import { type FileHandle, open } from "node:fs/promises";

/** Makes a new file to write and to read. Handed in, so that a test can put a full disk behind it. */
export type CreateFile = (path: string) => Promise<FileHandle>;

/** Makes a file that is read-only for whoever opens it later, and never follows or reuses what is there. */
export const createFile: CreateFile = (path) => open(path, "wx+", 0o444);

/** Writes all bytes at a place of the file. */
export async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
