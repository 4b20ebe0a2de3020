import { join } from "node:path";
import { isOwnPath, MANIFEST_PATH, OWN_DIRECTORY, WORKER_DIRECTORY } from "@worker3/sdk";

/**
 * Where the parts of a deployment lie once it is on a node's disk: each in a place of its own, so that what serves the static
 * files is given their folder alone and cannot reach manifest and modules, however a request is written.
 */
export const EXTRACTED = {
  manifest: ownPlace(MANIFEST_PATH),
  worker: ownPlace(WORKER_DIRECTORY),
  files: "assets",
};

/**
 * Where a file or directory of a deployment folder lies once that is extracted; no two have one place.
 *
 * @param path - in a folder of good layout, see `checkLayout`.
 */
export function extractedPath(path: string): string {
  return isOwnPath(path) ? ownPlace(path) : join(EXTRACTED.files, path);
}

function ownPlace(path: string): string {
  return path.slice(OWN_DIRECTORY.length + 1);
}
