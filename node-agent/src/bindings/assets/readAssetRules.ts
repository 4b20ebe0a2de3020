import { constants, open } from "node:fs/promises";
import { join } from "node:path";
import { CellError } from "../../cells/CellError.ts";
import { EXTRACTED } from "../../extractedFolder.ts";

/** The texts of the static files that say how to serve the others; absent where there is no such file. */
export interface AssetRules {
  /** `_headers` */
  readonly headers?: string;
  /** `_redirects` */
  readonly redirects?: string;
  /** `.assetsignore` */
  readonly ignore?: string;
}

/** Cloudflare's own limits (2,100 redirects of 1,000 characters) stay below. */
const MAX_RULES_BYTES = 4 * 1024 * 1024;

/**
 * Reads the static files at the root that say how to serve the others.
 *
 * @param folder - the extracted deployment folder.
 * @throws {CellError} `ASSET_RULES_TOO_LARGE`: above 4 MiB.
 */
export async function readAssetRules(folder: string): Promise<AssetRules> {
  const [headers, redirects, ignore] = await Promise.all(
    ["_headers", "_redirects", ".assetsignore"].map((name) => readRules(folder, name)),
  );
  return {
    ...(headers === undefined ? {} : { headers }),
    ...(redirects === undefined ? {} : { redirects }),
    ...(ignore === undefined ? {} : { ignore }),
  };
}

async function readRules(folder: string, name: string): Promise<string | undefined> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    // The agent reads it, with rights that the cell does not have: it must not follow a link.
    file = await open(join(folder, EXTRACTED.files, name), constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (error instanceof Error && "code" in error && ["ENOENT", "ELOOP"].includes(String(error.code)))
      return undefined;
    throw error;
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return undefined;
    // Some editors begin a file with a byte order mark; workerd would take it for a part of the first rule.
    if (stat.size <= MAX_RULES_BYTES) return (await file.readFile("utf8")).replace(/^\uFEFF/, "");
  } finally {
    await file.close();
  }
  throw new CellError({
    code: "ASSET_RULES_TOO_LARGE",
    message: `a file of rules for assets has more than ${MAX_RULES_BYTES} bytes`,
    value: name,
    next: "shorten it and deploy again",
  });
}
