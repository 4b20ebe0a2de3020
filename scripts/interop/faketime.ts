import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const LIBRARIES = "/usr/lib";

/** The library that makes a process see another time: Debian's package `libfaketime`. */
export function findFaketime(): string {
  const paths = readdirSync(LIBRARIES)
    .map((folder) => join(LIBRARIES, folder, "faketime/libfaketime.so.1"))
    .filter((path) => existsSync(path));
  const [path] = paths;
  if (path === undefined) throw new Error("libfaketime is missing: apt-get install libfaketime");
  return path;
}
