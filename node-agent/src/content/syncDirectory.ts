import { open } from "node:fs/promises";

/** Brings a directory's entries to the disk: without it a rename may be gone after a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
