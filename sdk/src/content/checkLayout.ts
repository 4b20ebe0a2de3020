import { PathError } from "./errors.ts";
import { foldName } from "./foldName.ts";

/** The directory of a deployment folder that is not the site's: the manifest and the modules of the worker. */
export const OWN_DIRECTORY = ".worker3";

/** Path of the manifest in a deployment folder. */
export const MANIFEST_PATH = `${OWN_DIRECTORY}/manifest.json`;

/** The directory of modules in a deployment folder. */
export const WORKER_DIRECTORY = `${OWN_DIRECTORY}/worker`;

/** Where the manifest lay in the first form of deployment folders, which is refused: no network ever served it. */
export const OUTDATED_MANIFEST_PATH = "worker3.json";

/**
 * Whether a path in a deployment folder is one of `.worker3` and of what lies below it. All other paths are static files,
 * each at the path that visitors and gateways find it at.
 */
export function isOwnPath(path: string): boolean {
  return path === OWN_DIRECTORY || path.startsWith(`${OWN_DIRECTORY}/`);
}

/**
 * Whether a project may not have a static file of this path: it begins with `.worker3`, or with a name that some file system
 * takes for the same.
 */
export function isReservedPath(path: string): boolean {
  const [top = ""] = path.split("/", 1);
  return foldName(top) === foldName(OWN_DIRECTORY);
}

/**
 * Checks that an entry has a place in a deployment folder: below `.worker3` there are only the file `manifest.json` and the
 * directory `worker`; all else is the site's, which has no name that could be taken for `.worker3`.
 *
 * @param kind - what the entry is; a file in a directory has kind `file`.
 * @throws {PathError} `PATH_NOT_IN_LAYOUT`; `value` is the path.
 */
export function checkLayout(path: string, kind: "file" | "directory"): void {
  if (!isReservedPath(path)) return;
  if (kind === "directory" && path === OWN_DIRECTORY) return;
  if (kind === "file" && path === MANIFEST_PATH) return;
  if (kind === "directory" && path === WORKER_DIRECTORY) return;
  if (path.startsWith(`${WORKER_DIRECTORY}/`)) return;
  throw new PathError({
    code: "PATH_NOT_IN_LAYOUT",
    message: `the name ${OWN_DIRECTORY} is taken in a deployment folder: only ${MANIFEST_PATH} and ${WORKER_DIRECTORY}/ lie there`,
    value: path,
    next: "rename or move the file and pack again",
  });
}
