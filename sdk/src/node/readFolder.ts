import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { FolderEntry } from "../content/pack.ts";
import { DiskError } from "./errors.ts";
import { readDiskFile } from "./readDiskFile.ts";
import { requireUtf8Name } from "./requireUtf8Name.ts";

/**
 * The files of a folder on disk, and its empty directories, for `pack`. Sorted by name; names that begin with a dot
 * are included. Each file is opened when its content is read, and may be read once.
 *
 * @throws {DiskError} `DISK_NOT_A_FILE` for a symlink, a socket, a pipe or a device, `DISK_NAME_NOT_UTF8`,
 *   `DISK_UNREADABLE` otherwise; `value` is the path on disk.
 */
export async function* readFolder(
  directory: string,
  options: { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<FolderEntry, void, undefined> {
  yield* readBelow(directory, "", options.signal);
}

async function* readBelow(
  directory: string,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<FolderEntry, void, undefined> {
  const entries = await list(directory);
  if (entries.length === 0 && prefix !== "") yield { path: prefix };
  for (const entry of entries) {
    signal?.throwIfAborted();
    await requireUtf8Name(directory, entry.name);
    const onDisk = join(directory, entry.name);
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) yield* readBelow(onDisk, path, signal);
    else if (entry.isFile()) yield { path, content: readDiskFile(onDisk, { signal }) };
    else throw notAFile(onDisk, kindOf(entry));
  }
}

async function list(directory: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw new DiskError({
      code: "DISK_UNREADABLE",
      message: "a directory cannot be read",
      value: directory,
      next: "check that it is there, is a directory and may be read",
      cause,
    });
  }
}

function kindOf(entry: Dirent): string {
  if (entry.isSymbolicLink()) return "a symbolic link";
  if (entry.isSocket()) return "a socket";
  if (entry.isFIFO()) return "a pipe";
  if (entry.isBlockDevice() || entry.isCharacterDevice()) return "a device";
  return "neither a file nor a directory";
}

function notAFile(onDisk: string, kind: string): DiskError {
  return new DiskError({
    code: "DISK_NOT_A_FILE",
    message: `a folder to pack holds files and directories only; this is ${kind}`,
    value: onDisk,
    next:
      kind === "a symbolic link"
        ? "replace the link by a copy of what it points to"
        : "remove it from the folder",
  });
}
