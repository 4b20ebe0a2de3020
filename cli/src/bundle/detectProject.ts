import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { MANIFEST_PATH, OUTDATED_MANIFEST_PATH } from "@worker3/sdk";
import { shellWord } from "../text/shellWord.ts";
import { BundleError } from "./BundleError.ts";
import { bundledWorkerd } from "./bundledWorkerd.ts";
import { findConfig } from "./findConfig.ts";
import { holdsFunctions } from "./holdsFunctions.ts";
import { isRecord } from "./isRecord.ts";
import { parseJson } from "./parseJson.ts";
import { PACKAGE_BYTES, readRegularFile } from "./readRegularFile.ts";
import { refuseLoneWorker } from "./refuseLoneWorker.ts";
import { refuseServerBundle } from "./refuseServerBundle.ts";

/** What a folder is. `directory` is its real path, without symbolic links. */
export type Project = { readonly directory: string } & (
  | { readonly kind: "wrangler"; readonly configPath: string }
  | { readonly kind: "static" }
  /** Static files with Pages Functions or a `_worker.js`, and no configuration. */
  | { readonly kind: "pages" }
  /** A deployment folder already: `.worker3/manifest.json` and what it names. */
  | { readonly kind: "deployment" }
);

/** Where build tools put what they make. */
const OUTPUTS = ["dist", "build", "out", "_site", "public"];

/**
 * What a folder is, by the files in it.
 *
 * @throws {BundleError} `NO_DIRECTORY`, `NO_WRANGLER_CONFIG` for the sources of a project, `SERVER_BUNDLE` for what a build
 *   made for a server, `NOT_BUILT`, `CONFIG_INVALID`, `DEPLOYMENT_OUTDATED`, `NOT_A_FILE`, `FILE_TOO_LARGE`.
 */
export async function detectProject(path: string): Promise<Project> {
  const directory = await realDirectory(path);
  const names = await readdir(directory);
  const configPath = await findConfig(directory, names);
  if (configPath !== undefined) {
    await refuseUnbuilt(directory, names, configPath);
    return { directory, kind: "wrangler", configPath };
  }
  if (await isDeployment(directory)) return { directory, kind: "deployment" };
  if (names.includes(OUTDATED_MANIFEST_PATH)) await refuseOutdated(directory);
  if (names.includes("_worker.js")) return { directory, kind: "pages" };
  const hasFunctions = names.includes("functions") && (await holdsFunctions(join(directory, "functions")));
  if (hasFunctions && !names.includes("index.html")) await refuseAround(directory, names);
  if (names.includes("package.json")) await refuseSources(directory, names, hasFunctions);
  if (hasFunctions) return { directory, kind: "pages" };
  await refuseServerBundle(directory, names);
  await refuseLoneWorker(directory, names);
  return { directory, kind: "static" };
}

/** Whether a folder is a deployment folder: a link in the manifest's place is one too, and refused by name. */
export async function isDeployment(directory: string): Promise<boolean> {
  return lstat(join(directory, MANIFEST_PATH)).then(
    () => true,
    () => false,
  );
}

/** A deployment folder of the first form, which would be published with its modules as a site is. */
async function refuseOutdated(directory: string): Promise<void> {
  const path = join(directory, OUTDATED_MANIFEST_PATH);
  if ((await stat(path)).isDirectory()) return;
  if (!isFirstManifest((await readRegularFile(path, PACKAGE_BYTES)).toString("utf8"))) return;
  throw new BundleError({
    code: "DEPLOYMENT_OUTDATED",
    message: `The folder is a deployment folder of a form that is not served any more: the manifest's place is ${MANIFEST_PATH}.`,
    value: path,
    next: "deploy the project that it was made of",
  });
}

function isFirstManifest(text: string): boolean {
  try {
    const said: unknown = JSON.parse(text);
    return isRecord(said) && said.manifest === 1;
  } catch {
    return false; // a site's own file
  }
}

/**
 * What a person should know who deploys the output of a build while functions lie beside it: as Pages has it they belong
 * together. Undefined where none do.
 */
export async function functionsBeside(directory: string): Promise<string | undefined> {
  const [project, name] = [dirname(directory), basename(directory)];
  if (!OUTPUTS.includes(name) || !(await holdsFunctions(join(project, "functions")))) return undefined;
  return `the functions in ${join(project, "functions")} are no part of this; to deploy both, write a wrangler.jsonc beside them, ${pagesConfig(name)}, and deploy ${project}`;
}

/**
 * The real path of a folder, without symbolic links.
 *
 * @throws {BundleError} `NO_DIRECTORY`, also for a file.
 */
export async function realDirectory(path: string): Promise<string> {
  let isThere = false;
  try {
    const directory = await realpath(path);
    isThere = true;
    if ((await stat(directory)).isDirectory()) return directory;
  } catch {
    // Said below.
  }
  throw new BundleError({
    code: "NO_DIRECTORY",
    message: isThere ? "This is a file, and no folder." : "There is no such folder.",
    value: path,
    next: "name the folder of a project, or one with static files",
  });
}

/** Functions with the pages in a folder beside them: the folder around both is not what is published. */
async function refuseAround(directory: string, names: readonly string[]): Promise<void> {
  for (const output of OUTPUTS.filter((name) => names.includes(name))) {
    if (!(await holdsPage(join(directory, output)))) continue;
    throw new BundleError({
      code: "NO_WRANGLER_CONFIG",
      message: `The folder has Pages Functions, and its pages are in ${output}, which no wrangler.jsonc names.`,
      value: directory,
      next: `write a wrangler.jsonc beside functions: ${pagesConfig(output)}`,
    });
  }
}

async function holdsPage(directory: string): Promise<boolean> {
  try {
    return (await stat(join(directory, "index.html"))).isFile();
  } catch {
    return false;
  }
}

/** A folder with packages is a site of static files only when it has a page and nothing that makes pages. */
async function refuseSources(
  directory: string,
  names: readonly string[],
  hasFunctions: boolean,
): Promise<void> {
  const builds = await scriptOf(directory, "build");
  if (builds === undefined && (names.includes("index.html") || hasFunctions)) return;
  if (names.includes(".output")) await refuseNitro(directory);
  const built = await outputIn(directory, names);
  throw new BundleError({
    code: "NO_WRANGLER_CONFIG",
    message: "The folder holds the sources of a project, and no wrangler.jsonc says how it is served.",
    value: directory,
    next: hasFunctions
      ? `${built === undefined ? "run npm run build, and " : ""}write a wrangler.jsonc beside functions: ${pagesConfig(built ?? "dist")}`
      : built === undefined
        ? `${builds === undefined ? "build the project" : "run npm run build"} and deploy what the build made, or add a wrangler.jsonc`
        : `deploy what the build made: worker3 deploy ${shellWord(join(directory, built))}; or add a wrangler.jsonc`,
  });
}

/** The folder with what a build made: one of sources, as `public` is for many tools, has no page. */
async function outputIn(directory: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of OUTPUTS.filter((each) => names.includes(each)))
    if (await holdsPage(join(directory, name))) return name;
  return undefined;
}

/** What Nuxt, SolidStart and others build by Nitro for Cloudflare, which writes no configuration by itself. */
async function refuseNitro(directory: string): Promise<void> {
  const main = ".output/server/index.mjs";
  const isBuilt = await stat(join(directory, main)).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isBuilt) return;
  const configuration = {
    main,
    compatibility_date: bundledWorkerd().compatibilityDate,
    compatibility_flags: ["nodejs_compat"],
    assets: { directory: ".output/public", binding: "ASSETS" },
  };
  throw new BundleError({
    code: "NO_WRANGLER_CONFIG",
    message: "The folder holds what Nitro built, a worker and files, and no wrangler.jsonc names them.",
    value: directory,
    next: `build it by the preset cloudflare_module, and write a wrangler.jsonc: ${JSON.stringify(configuration)}`,
  });
}

/**
 * Cloudflare's plugin for Vite makes the configuration that is deployed; the one that it reads is not bundled as it is: its
 * imports and its files are made by the build.
 */
async function refuseUnbuilt(directory: string, names: readonly string[], configPath: string): Promise<void> {
  const isOwn = dirname(configPath) === directory;
  if (!isOwn || !names.includes("package.json") || !names.some((name) => VITE_CONFIG.test(name))) return;
  const { dependencies, devDependencies } = await readPackage(directory);
  const plugin = "@cloudflare/vite-plugin";
  if (![dependencies, devDependencies].some((all) => isRecord(all) && Object.hasOwn(all, plugin))) return;
  throw new BundleError({
    code: "NOT_BUILT",
    message: "The project is built by Vite, and has not been: no .wrangler/deploy/config.json is there.",
    value: directory,
    next: `run ${(await scriptOf(directory, "build")) === undefined ? "npx vite build" : "npm run build"} in it, then the same command again`,
  });
}

const VITE_CONFIG = /^vite\.config\.[cm]?[jt]s$/;

async function readPackage(directory: string): Promise<Readonly<Record<string, unknown>>> {
  const path = join(directory, "package.json");
  const manifest = parseJson((await readRegularFile(path, PACKAGE_BYTES)).toString("utf8"), path);
  return isRecord(manifest) ? manifest : {};
}

async function scriptOf(directory: string, name: string): Promise<unknown> {
  const { scripts } = await readPackage(directory);
  return isRecord(scripts) ? scripts[name] : undefined;
}

function pagesConfig(output: string): string {
  const { compatibilityDate } = bundledWorkerd();
  return JSON.stringify({
    name: "site",
    pages_build_output_dir: output,
    compatibility_date: compatibilityDate,
  });
}
