import { mkdir, mkdtemp, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A new directory for a test, under a short path: sockets have to fit below. */
export function makeTemporary(): Promise<string> {
  return mkdtemp(join(tmpdir(), "w3c-"));
}

/** Writes files below a folder, all with the same mtime, so that copies have equal ETags. */
export async function makeFolder(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    await utimes(path, 1_700_000_000, 1_700_000_000);
  }
}
