import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { MANIFEST_PATH } from "@worker3/sdk";
import { BundleError } from "./BundleError.ts";
import { findConfig } from "./findConfig.ts";
import { isRecord } from "./isRecord.ts";

/** What a folder is. `directory` is its real path, without symbolic links. */
export type Project = { readonly directory: string } & (
  | { readonly kind: "wrangler"; readonly configPath: string }
  | { readonly kind: "static" }
  /** A deployment folder already: `worker3.json` and what it names. */
  | { readonly kind: "deployment" }
);

/** Where build tools put what they make. */
const OUTPUTS = ["dist", "build", "out", "_site", "public"];

/**
 * What a folder is, by the files in it.
 *
 * @throws {BundleError} `NO_DIRECTORY`, `NO_WRANGLER_CONFIG` for the sources of a project and for worker code without a
 *   configuration, `CONFIG_INVALID`.
 */
export async function detectProject(path: string): Promise<Project> {
  const directory = await realDirectory(path);
  const names = await readdir(directory);
  const configPath = await findConfig(directory, names);
  if (configPath !== undefined) return { directory, kind: "wrangler", configPath };
  if (names.includes(MANIFEST_PATH)) return { directory, kind: "deployment" };
  if (names.includes("_worker.js")) throw withoutConfig(directory);
  if (names.includes("package.json")) await refuseSources(directory, names);
  return { directory, kind: "static" };
}

async function realDirectory(path: string): Promise<string> {
  try {
    const directory = await realpath(path);
    if ((await stat(directory)).isDirectory()) return directory;
  } catch {
    // Said below.
  }
  throw new BundleError({
    code: "NO_DIRECTORY",
    message: "There is no such folder.",
    value: path,
    next: "name the folder of a project, or one with static files",
  });
}

/** A folder with packages is a site of static files only when it has a page and nothing that makes pages. */
async function refuseSources(directory: string, names: readonly string[]): Promise<void> {
  if (names.includes("index.html") && !(await hasBuild(join(directory, "package.json")))) return;
  const built = OUTPUTS.find((name) => names.includes(name));
  throw new BundleError({
    code: "NO_WRANGLER_CONFIG",
    message: "The folder holds the sources of a project, and no wrangler.jsonc says how it is served.",
    value: directory,
    next:
      built === undefined
        ? "build the project and deploy what the build made, or add a wrangler.jsonc"
        : `deploy what the build made: worker3 deploy ${join(directory, built)}; or add a wrangler.jsonc`,
  });
}

async function hasBuild(path: string): Promise<boolean> {
  try {
    const manifest: unknown = JSON.parse(await readFile(path, "utf8"));
    return isRecord(manifest) && isRecord(manifest.scripts) && manifest.scripts.build !== undefined;
  } catch {
    return false;
  }
}

/** A default date would give the same folder another CID every day. */
function withoutConfig(directory: string): BundleError {
  return new BundleError({
    code: "NO_WRANGLER_CONFIG",
    message:
      "The folder has a _worker.js, and no wrangler.jsonc names the compatibility_date that it was written for.",
    value: directory,
    next: `write a wrangler.jsonc into it: {"name":"site","pages_build_output_dir":".","compatibility_date":"${today()}"}`,
  });
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
