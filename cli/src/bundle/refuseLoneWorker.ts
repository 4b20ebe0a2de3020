import { stat } from "node:fs/promises";
import { join } from "node:path";
import { BundleError } from "./BundleError.ts";
import { bundledWorkerd } from "./bundledWorkerd.ts";
import { readRegularFile } from "./readRegularFile.ts";

const SCRIPT = /\.(m?js|ts)$/;
const PAGE = /\.html?$/;
/** Sources are smaller. */
const LOOKED_AT = 1024 * 1024;
/** What makes a script a worker: it listens for requests, or exports what answers them. */
const WORKER = /\baddEventListener\(\s*["'`]fetch["'`]|\bexport\s+default\s*\{[^}]{0,2000}\bfetch\b/;

/**
 * Refuses to publish a worker's source as a file: a folder without a page, in which a script answers requests. Whoever keeps
 * keys in such a script would show them to everybody.
 *
 * @param names Of the files in the folder.
 * @throws {BundleError} `NO_WRANGLER_CONFIG`; `value` is the script.
 */
export async function refuseLoneWorker(directory: string, names: readonly string[]): Promise<void> {
  if (names.some((name) => PAGE.test(name))) return;
  for (const name of names.filter((each) => SCRIPT.test(each))) {
    const path = join(directory, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || !found.isFile() || found.size > LOOKED_AT) continue;
    const text = await readRegularFile(path, LOOKED_AT).then(String, () => ""); // one that cannot be read is told where it is packed
    if (!WORKER.test(text)) continue;
    const { compatibilityDate } = bundledWorkerd();
    throw new BundleError({
      code: "NO_WRANGLER_CONFIG",
      message: `${name} is a worker, which no wrangler.jsonc names, and the folder has no page: the worker's source would be published as a file.`,
      value: path,
      next: `write a wrangler.jsonc beside it: ${JSON.stringify({ main: name, compatibility_date: compatibilityDate })}`,
    });
  }
}
