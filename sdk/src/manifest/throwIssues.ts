import { ManifestError, type ManifestIssue } from "./errors.ts";

/** Throws when there are issues. */
export function throwIssues(
  code: "MANIFEST_INVALID" | "DEPLOYMENT_INVALID",
  issues: readonly ManifestIssue[],
): void {
  const [first, ...others] = issues;
  if (first !== undefined) throw new ManifestError(code, [first, ...others]);
}
