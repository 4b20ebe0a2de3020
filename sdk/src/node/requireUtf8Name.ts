import { isUtf8 } from "node:buffer";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DiskError } from "./errors.ts";

/** What Node puts where the bytes of a name are no UTF-8. */
const REPLACEMENT = "\uFFFD";

/**
 * Makes sure that a name which Node read from a directory is the name that is there: one whose bytes are no UTF-8 comes
 * changed, and no file has it then. Content and web know UTF-8 alone.
 *
 * @throws {DiskError} `DISK_NAME_NOT_UTF8`; `value` is the path, with `\xE9` for a byte that is no text.
 */
export async function requireUtf8Name(directory: string, name: string): Promise<void> {
  if (!name.includes(REPLACEMENT)) return;
  const names = await readdir(directory, { encoding: "buffer" });
  const raw = names.find((bytes) => bytes.toString() === name && !isUtf8(bytes));
  if (raw === undefined) return; // the character itself is part of the name
  throw new DiskError({
    code: "DISK_NAME_NOT_UTF8",
    message: "a name in the folder is no UTF-8 text",
    value: join(directory, escaped(raw)),
    next: "rename it, or remove it from the folder",
  });
}

/** Printable ASCII as it is, other bytes by their number. */
function escaped(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}
