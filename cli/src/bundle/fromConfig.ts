import { dirname, join, resolve } from "node:path";
import { fromWrangler, type Manifest } from "@worker3/sdk";
import { BundleError } from "./BundleError.ts";
import { bundleWorker } from "./bundleWorker.ts";
import { checkBindings } from "./checkBindings.ts";
import { checkDate } from "./checkDate.ts";
import { nothingToServe } from "./fromStatic.ts";
import { type AssetList, listAssets } from "./listAssets.ts";
import { keptNotices, type ProjectParts, type ServedParts } from "./ProjectParts.ts";
import { pagesOf } from "./pagesOf.ts";
import { type ReadConfig, readConfig } from "./readConfig.ts";
import type { WorkerUpload } from "./readUpload.ts";
import type { StartedWrangler } from "./startWrangler.ts";

export interface FromConfigParameters {
  readonly directory: string;
  readonly configPath: string;
  readonly environment: string | undefined;
  /** A folder of its own for what is made on the way. */
  readonly temporary: string;
  /** One that was started for it. */
  readonly wrangler?: StartedWrangler | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** Where wrangler writes to, of the folder for what is made on the way. */
export function wranglerFolder(temporary: string): string {
  return join(temporary, "wrangler");
}

/**
 * A project with a wrangler configuration. The project's own build, which may make its static files, runs before those
 * are looked at; what cannot be honoured is refused before that.
 *
 * @throws {BundleError} see `readConfig`, `checkDate`, `bundleWorker`, `checkBindings`, `listAssets`.
 */
export async function fromConfig(parameters: FromConfigParameters): Promise<ProjectParts> {
  const { directory, configPath, environment, temporary, wrangler, signal, onProgress } = parameters;
  onProgress?.("bundling with wrangler"); // it reads the configuration too
  const read = await readConfig(configPath, environment, wrangler?.configuration);
  const { config } = read;
  const pages = config.pages_build_output_dir !== undefined;
  const { assets: how, ...said } = fromWrangler(config);
  const served = pages ? await pagesOf(parameters, config) : servedBy(parameters, read, how);
  if (served.hasWorker) checkDate(config.compatibility_date, read.newestDate);

  let worker: WorkerUpload | undefined;
  if (served.build !== undefined) {
    onProgress?.("bundling with wrangler");
    const upload = await bundleWorker({
      ...served.build,
      directory,
      temporary: wranglerFolder(temporary),
      wrangler,
      signal,
      onLine: onProgress,
    });
    if (served.hasWorker) worker = upload;
  }
  const list = served.assets && (await listAssets(served.assets.directory, { publishing: "named", signal }));
  const manifest = withoutEmpty({
    manifest: 1,
    ...said,
    ...(worker && { main: worker.main, modules: typesOf(worker) }),
    ...(served.assets && (list?.files.length ?? 0) > 0 && { assets: served.assets.how }),
  });
  if (worker === undefined && (list?.files.length ?? 0) === 0)
    throw nothingToServe(served.assets?.directory ?? directory);
  if (list?.files.length === 0 && served.assets?.how.binding !== undefined)
    throw noFiles(served.assets.directory);
  if (worker !== undefined) checkBindings(worker.bindings, manifest);
  return {
    manifest,
    modules: worker?.modules ?? [],
    assets: list?.files ?? [],
    name: config.topLevelName ?? config.name,
    notices: [...read.notices, ...(list === undefined ? [] : noticesOf(list))],
  };
}

function servedBy(
  { directory, configPath, environment }: FromConfigParameters,
  { config }: ReadConfig,
  how: Manifest["assets"],
): ServedParts {
  const hasWorker = config.main !== undefined;
  const builds = hasWorker || config.build.command !== undefined;
  if (!hasWorker && how === undefined) throw nothingToServe(directory);
  return {
    build: builds ? { configPath, environment } : undefined,
    hasWorker,
    assets: how && { directory: assetsDirectory(configPath, config.assets?.directory), how },
  };
}

function assetsDirectory(configPath: string, directory: string | undefined): string {
  if (directory !== undefined) return resolve(dirname(configPath), directory);
  throw new BundleError({
    code: "NO_ASSETS_DIRECTORY",
    message: "The configuration has assets, and does not say in which folder they are.",
    value: "assets.directory",
    next: 'write "directory" into assets',
  });
}

function noFiles(directory: string): BundleError {
  return new BundleError({
    code: "NO_ASSETS",
    message: "The folder with the static files is empty, and the worker has a binding to it.",
    value: directory,
    next: "put a file into it, or remove assets from the configuration",
  });
}

function noticesOf(list: AssetList): string[] {
  return list.files.length === 0 ? ["the folder with the static files is empty"] : keptNotices(list);
}

function typesOf({ modules }: WorkerUpload): NonNullable<Manifest["modules"]> {
  return Object.fromEntries(modules.map(({ name, type }) => [name, type]));
}

/** A site without a worker runs by no date and no flags. */
function withoutEmpty(manifest: Manifest): Manifest {
  if (manifest.main !== undefined) return manifest;
  const { compatibilityDate: _, compatibilityFlags: __, limits: ___, ...rest } = manifest;
  return rest;
}
