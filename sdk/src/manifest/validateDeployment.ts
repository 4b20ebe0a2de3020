import {
  isOwnPath,
  MANIFEST_PATH,
  OUTDATED_MANIFEST_PATH,
  WORKER_DIRECTORY,
} from "../content/checkLayout.ts";
import type { ManifestIssue } from "./errors.ts";
import type { Manifest } from "./schema.ts";
import { shownPath } from "./shownPath.ts";
import { shownValue } from "./shownValue.ts";
import { throwIssues } from "./throwIssues.ts";

/**
 * Checks that a folder holds what its manifest says and nothing else: `.worker3/manifest.json`, each module in
 * `.worker3/worker/` and no other file there, and files beside `.worker3` exactly when the manifest has `assets`.
 *
 * @param files - paths of all files, relative to the folder.
 * @throws {ManifestError} `DEPLOYMENT_INVALID` with all issues.
 */
export function validateDeployment(manifest: Manifest, files: Iterable<{ path: string }>): void {
  const paths = new Set(Array.from(files, (file) => file.path));
  const modules = Object.keys(manifest.modules ?? {});
  const issues: ManifestIssue[] = [];
  if (!paths.has(MANIFEST_PATH)) issues.push(manifestIssue(paths));
  for (const name of modules) {
    if (paths.has(`${WORKER_DIRECTORY}/${name}`)) continue;
    const message = `is missing: there is no ${WORKER_DIRECTORY}/${name}`;
    issues.push({ path: shownPath(["modules", name]), message, value: shownValue(name) });
  }
  const known = new Set(modules.map((name) => `${WORKER_DIRECTORY}/${name}`));
  let siteFiles = 0;
  for (const path of paths) {
    if (!isOwnPath(path)) siteFiles += 1;
    const problem = fileProblem(path, known, manifest);
    if (problem !== undefined) issues.push({ path, message: problem });
  }
  if (manifest.assets !== undefined && siteFiles === 0) {
    issues.push({ path: "assets", message: "is there, but the folder has no static file" });
  }
  throwIssues("DEPLOYMENT_INVALID", issues);
}

/** What is wrong with a folder that has no manifest. */
export function manifestIssue(paths: ReadonlySet<string>): ManifestIssue {
  if (!paths.has(OUTDATED_MANIFEST_PATH)) return { path: MANIFEST_PATH, message: "is missing" };
  const message = `is the manifest of a form that is not served any more, whose place is ${MANIFEST_PATH}; deploy the project again`;
  return { path: OUTDATED_MANIFEST_PATH, message };
}

function fileProblem(path: string, known: ReadonlySet<string>, manifest: Manifest): string | undefined {
  if (path === MANIFEST_PATH) return undefined;
  if (path.startsWith(`${WORKER_DIRECTORY}/`))
    return known.has(path) ? undefined : "is not a module of the manifest";
  if (isOwnPath(path)) return "has no place in a deployment folder";
  return manifest.assets === undefined ? "is there, but the manifest has no assets" : undefined;
}
