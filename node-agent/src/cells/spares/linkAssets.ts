import { link, mkdir, readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/** More would take longer to link than a start from nothing. */
export const MAX_ASSETS = 200;

/** The files below a folder, relative to it; undefined where there are too many. None where there is no such folder. */
export async function fewFiles(folder: string): Promise<string[] | undefined> {
  const found: string[] = [];
  const look = async (directory: string): Promise<boolean> => {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory() ? !(await look(path)) : found.push(relative(folder, path)) > MAX_ASSETS)
        return false;
    }
    return true;
  };
  try {
    return (await look(folder)) ? found : undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/**
 * Makes the files of one folder appear in another without copying them: hard links, so that also the time of change,
 * which ETags are made of, is the same.
 */
export async function linkAssets(from: string, to: string, files: readonly string[]): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const directory of new Set(files.map(dirname))) await mkdir(join(to, directory), { recursive: true });
  await Promise.all(files.map((file) => link(join(from, file), join(to, file))));
}
