import { BundleError } from "./BundleError.ts";
import { listAssets } from "./listAssets.ts";
import { keptNotices, type ProjectParts } from "./ProjectParts.ts";

/**
 * A folder of static files. Names with a dot in front stay behind, but for `.well-known`; a `404.html` answers what is
 * not there.
 *
 * @throws {BundleError} `NOTHING_TO_SERVE`, `UNKNOWN_ENVIRONMENT`; {DiskError}.
 */
export async function fromStatic(
  directory: string,
  { environment, signal }: { environment?: string | undefined; signal?: AbortSignal | undefined },
): Promise<ProjectParts> {
  if (environment !== undefined) {
    throw new BundleError({
      code: "UNKNOWN_ENVIRONMENT",
      message: "A folder without a wrangler configuration has no environments.",
      value: environment,
      next: "leave --env away",
    });
  }
  const list = await listAssets(directory, { publishing: "whole", signal });
  if (list.files.length === 0) throw nothingToServe(directory);
  const has404 = list.files.some(({ path }) => path === "404.html");
  return {
    manifest: { manifest: 1, assets: has404 ? { notFoundHandling: "404-page" } : {} },
    modules: [],
    assets: list.files,
    name: undefined,
    notices: keptNotices(list),
  };
}

/** The error of a project that would answer nothing. */
export function nothingToServe(directory: string): BundleError {
  return new BundleError({
    code: "NOTHING_TO_SERVE",
    message: "There is nothing to serve: neither a worker nor a file.",
    value: directory,
    next: "name another folder, or write main or assets into the project's wrangler.jsonc",
  });
}
