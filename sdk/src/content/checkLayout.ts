import { PathError } from "./errors.ts";

/** Path of the manifest in a deployment folder. */
export const MANIFEST_PATH = "worker3.json";

/** The directory of modules in a deployment folder. */
export const WORKER_DIRECTORY = "worker";

/** The directory of static files in a deployment folder. */
export const ASSETS_DIRECTORY = "assets";

/**
 * Checks that an entry has a place in a deployment folder: `worker3.json` is a file, `worker` and `assets` are
 * directories, and there is no other top-level name.
 *
 * @param kind - what the entry is; a file under `assets/` has kind `file`.
 * @throws {PathError} `PATH_NOT_IN_LAYOUT`; `value` is the path.
 */
export function checkLayout(path: string, kind: "file" | "directory"): void {
  const [top = "", ...below] = path.split("/");
  const isDirectory = below.length > 0 || kind === "directory";
  const fits = isDirectory ? top === WORKER_DIRECTORY || top === ASSETS_DIRECTORY : top === MANIFEST_PATH;
  if (fits) return;
  throw new PathError({
    code: "PATH_NOT_IN_LAYOUT",
    message: "a deployment folder holds only the file worker3.json and the directories worker/ and assets/",
    value: path,
    next: "pack the folder that worker3 deploy writes, or move the file into assets/",
  });
}
