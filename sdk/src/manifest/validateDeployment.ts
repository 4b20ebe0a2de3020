import { ASSETS_DIRECTORY, MANIFEST_PATH, WORKER_DIRECTORY } from "../content/checkLayout.ts";
import type { ManifestIssue } from "./errors.ts";
import type { Manifest } from "./schema.ts";
import { shownPath } from "./shownPath.ts";
import { shownValue } from "./shownValue.ts";
import { throwIssues } from "./throwIssues.ts";

/**
 * Checks that a folder holds what its manifest says and nothing else: `worker3.json`, each module in `worker/` and no
 * other file there, and files in `assets/` exactly when the manifest has `assets`.
 *
 * @param files - paths of all files, relative to the folder.
 * @throws {ManifestError} `DEPLOYMENT_INVALID` with all issues.
 */
export function validateDeployment(manifest: Manifest, files: Iterable<{ path: string }>): void {
  const paths = new Set(Array.from(files, (file) => file.path));
  const modules = Object.keys(manifest.modules ?? {});
  const issues: ManifestIssue[] = [];
  if (!paths.has(MANIFEST_PATH)) issues.push({ path: MANIFEST_PATH, message: "is missing" });
  for (const name of modules) {
    if (paths.has(`${WORKER_DIRECTORY}/${name}`)) continue;
    const message = `is missing: there is no ${WORKER_DIRECTORY}/${name}`;
    issues.push({ path: shownPath(["modules", name]), message, value: shownValue(name) });
  }
  const known = new Set(modules.map((name) => `${WORKER_DIRECTORY}/${name}`));
  let assetFiles = 0;
  for (const path of paths) {
    if (path.startsWith(`${ASSETS_DIRECTORY}/`)) assetFiles += 1;
    const problem = fileProblem(path, known, manifest);
    if (problem !== undefined) issues.push({ path, message: problem });
  }
  if (manifest.assets !== undefined && assetFiles === 0) {
    issues.push({ path: "assets", message: `is there, but ${ASSETS_DIRECTORY}/ has no file` });
  }
  throwIssues("DEPLOYMENT_INVALID", issues);
}

function fileProblem(path: string, known: ReadonlySet<string>, manifest: Manifest): string | undefined {
  if (path === MANIFEST_PATH) return undefined;
  if (path.startsWith(`${WORKER_DIRECTORY}/`))
    return known.has(path) ? undefined : "is not a module of the manifest";
  if (!path.startsWith(`${ASSETS_DIRECTORY}/`)) return "has no place in a deployment folder";
  return manifest.assets === undefined ? "is there, but the manifest has no assets" : undefined;
}
