import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Absolute path of a program of the system, or undefined where it is not installed. */
export async function findProgram(name: string): Promise<string | undefined> {
  const directories = (process.env.PATH ?? "").split(delimiter).filter((path) => path.startsWith("/"));
  for (const directory of new Set([...directories, "/usr/bin", "/bin"])) {
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
