import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { DiskEntry } from "./folders.ts";

export async function writeFolder(directory: string, entries: readonly DiskEntry[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const { path, content } of entries) {
    const onDisk = join(directory, path);
    await mkdir(content === undefined ? onDisk : dirname(onDisk), { recursive: true });
    if (content !== undefined) await writeFile(onDisk, content);
  }
}

/** What a folder holds: each file's `fingerprint` by its path, and the directories that hold nothing. */
export interface FolderContent {
  files: Map<string, string>;
  emptyDirectories: Set<string>;
}

/** Stands for bytes in comparisons, whose messages would print megabytes otherwise. */
export function fingerprint(bytes: Uint8Array): string {
  return `${bytes.length} bytes, sha256 ${createHash("sha256").update(bytes).digest("hex")}`;
}

export async function readDiskFolder(directory: string): Promise<FolderContent> {
  const files = new Map<string, string>();
  const emptyDirectories = new Set<string>();
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    const onDisk = join(entry.parentPath, entry.name);
    const path = relative(directory, onDisk);
    if (entry.isFile()) files.set(path, fingerprint(await readFile(onDisk)));
    else if ((await readdir(onDisk)).length === 0) emptyDirectories.add(path);
  }
  return { files, emptyDirectories };
}
