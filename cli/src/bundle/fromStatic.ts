import { BundleError } from "./BundleError.ts";
import { functionsBeside } from "./detectProject.ts";
import { type AssetList, listAssets } from "./listAssets.ts";
import { keptNotices, type ProjectParts } from "./ProjectParts.ts";
import { readStart } from "./readRegularFile.ts";
import { ruleNotices } from "./ruleNotices.ts";

export interface FromStaticOptions {
  readonly environment?: string | undefined;
  /** Whether `index.html` answers every address without a file. */
  readonly spa: boolean;
  /** A folder of its own for what is made on the way. */
  readonly temporary: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A folder of static files. Names with a dot in front stay behind, but for `.well-known`; a `404.html` answers what is
 * not there.
 *
 * @throws {BundleError} `NOTHING_TO_SERVE`, `UNKNOWN_ENVIRONMENT`, `SPA_WITHOUT_PAGE`; {DiskError}.
 */
export async function fromStatic(directory: string, options: FromStaticOptions): Promise<ProjectParts> {
  const { environment, spa, temporary, signal } = options;
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
  const has = (name: string): boolean => list.files.some(({ path }) => path === name);
  if (spa && !has("index.html")) throw withoutPage(directory);
  const notFoundHandling = spa ? "single-page-application" : has("404.html") ? "404-page" : undefined;
  const how = notFoundHandling === undefined ? {} : ({ notFoundHandling } as const);
  const beside = await functionsBeside(directory);
  return {
    manifest: { manifest: 2, assets: how },
    modules: [],
    assets: list.files,
    name: undefined,
    notices: [
      ...keptNotices(list),
      ...(beside === undefined ? [] : [beside]),
      ...(has("index.html") ? [] : ["there is no index.html: / answers 404"]),
      ...(notFoundHandling === undefined && (await isSinglePage(list)) ? [SINGLE_PAGE] : []),
      ...(await ruleNotices({ assets: list.files, how, temporary, signal })),
    ],
  };
}

const SINGLE_PAGE =
  "index.html is the only page and its code has routes: a reload of any but / answers 404, unless you deploy with --spa";

/** Of a script, as many bytes are looked at. */
const LOOKED_AT = 16 * 1024 * 1024;

/** Whether a single page changes its address by code: every router of a browser calls this. */
async function isSinglePage({ files }: AssetList): Promise<boolean> {
  const pages = files.filter(({ path }) => path.endsWith(".html"));
  if (pages.length !== 1 || pages[0]?.path !== "index.html") return false;
  let left = LOOKED_AT;
  for (const { onDisk } of files.filter(({ path }) => /\.m?js$|^index\.html$/.test(path))) {
    const text = (await readStart(onDisk, LOOKED_AT)).toString("latin1");
    left -= text.length;
    if (/\bpushState\b/.test(text)) return true;
    if (left <= 0) return false;
  }
  return false;
}

function withoutPage(directory: string): BundleError {
  return new BundleError({
    code: "SPA_WITHOUT_PAGE",
    message: "The folder has no index.html, which --spa would answer with.",
    value: directory,
    next: "name the folder that holds index.html, or leave --spa away",
  });
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
