import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { BundleError } from "./BundleError.ts";

/** What a file of rules or of configuration has at most: more was made by no person. */
const SMALL_BYTES = 1024 * 1024;
/** Generated ones are larger than other configuration. */
export const PACKAGE_BYTES = 10 * 1024 * 1024;

/**
 * A file of the project that says how it is deployed, as a whole. Links are followed, as in a workspace; a pipe does not
 * block, and a device does not go on for ever.
 *
 * @throws {BundleError} `NOT_A_FILE`, `FILE_TOO_LARGE`; or the system's error (`ENOENT`, `EACCES`, ...).
 */
export async function readRegularFile(path: string, maxBytes = SMALL_BYTES): Promise<Buffer> {
  // One byte more than is allowed.
  const bytes = await readStart(path, maxBytes + 1);
  if (bytes.length <= maxBytes) return bytes;
  throw new BundleError({
    code: "FILE_TOO_LARGE",
    message: `A file that says how the project is deployed has more than ${maxBytes} bytes, which is the most that is read.`,
    value: path,
    next: "make it smaller, or remove it",
  });
}

/**
 * The first bytes of a file; all where it has no more.
 *
 * @throws {BundleError} `NOT_A_FILE`; or the system's error.
 */
export async function readStart(path: string, maxBytes: number): Promise<Buffer> {
  await using handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const found = await handle.stat();
  if (found.isDirectory()) throw Object.assign(new Error(`EISDIR: ${path} is a folder`), { code: "EISDIR" });
  if (!found.isFile()) {
    throw new BundleError({
      code: "NOT_A_FILE",
      message: "A file that says how the project is deployed is a pipe, a socket or a device.",
      value: path,
      next: "replace it by a regular file, or remove it",
    });
  }
  // Files of /proc have a size of nothing.
  const bytes = Buffer.alloc(Math.min(found.size || maxBytes, maxBytes));
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
