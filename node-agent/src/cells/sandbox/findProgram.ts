import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";

/**
 * Absolute path of a program of the system, or undefined where it is not installed.
 *
 * @param besides - where to look too: `/usr/sbin` is on the PATH of root only.
 */
export async function findProgram(
  name: string,
  besides: readonly string[] = [],
): Promise<string | undefined> {
  const directories = (process.env.PATH ?? "").split(delimiter).filter((path) => path.startsWith("/"));
  for (const directory of new Set([...directories, "/usr/bin", "/bin", ...besides])) {
    const path = join(directory, name);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // the next directory
    }
  }
  return undefined;
}
