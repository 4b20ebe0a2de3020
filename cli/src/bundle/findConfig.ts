import { dirname, join, resolve } from "node:path";
import { BundleError } from "./BundleError.ts";
import { isRecord } from "./isRecord.ts";
import { parseJson } from "./parseJson.ts";
import { readRegularFile } from "./readRegularFile.ts";

/** In the order in which wrangler looks for them. */
export const CONFIG_NAMES = ["wrangler.json", "wrangler.jsonc", "wrangler.toml"];

/** What a build tool writes to say: deploy by this configuration instead. */
const REDIRECT = join(".wrangler", "deploy", "config.json");

/**
 * The configuration that wrangler would deploy a project by: the one that its build wrote, where
 * `.wrangler/deploy/config.json` names it, else the project's own. Folders above are not searched.
 *
 * @param names Of the files in the folder.
 * @returns The file's path; undefined where there is none.
 * @throws {BundleError} `CONFIG_INVALID` for a redirection that is none; `NOT_A_FILE`, `FILE_TOO_LARGE`.
 */
export async function findConfig(directory: string, names: readonly string[]): Promise<string | undefined> {
  const redirect = join(directory, REDIRECT);
  const text = names.includes(".wrangler") ? await readIfThere(redirect) : undefined;
  const own = CONFIG_NAMES.find((name) => names.includes(name));
  const path = text !== undefined ? redirected(redirect, text) : own && join(directory, own);
  // Wrangler reads it by its own means: here it is seen that it comes to an end.
  if (path !== undefined) await readIfThere(path);
  return path;
}

function redirected(redirect: string, text: string): string {
  const value = parseJson(text, redirect);
  if (isRecord(value) && typeof value.configPath === "string") {
    return resolve(dirname(redirect), value.configPath);
  }
  throw new BundleError({
    code: "CONFIG_INVALID",
    message: "The file that names the built configuration has no configPath.",
    value: redirect,
    next: "build the project again, or remove the file",
  });
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return (await readRegularFile(path)).toString("utf8");
  } catch (error) {
    if (error instanceof BundleError) throw error;
    return undefined;
  }
}
