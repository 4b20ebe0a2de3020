import { dirname, join, resolve } from "node:path";
import { fromWrangler, type Manifest } from "@worker3/sdk";
import { BundleError } from "./BundleError.ts";
import { buildFunctions } from "./buildFunctions.ts";
import { bundleWorker } from "./bundleWorker.ts";
import { checkBindings } from "./checkBindings.ts";
import { checkDate } from "./checkDate.ts";
import { checkLanguage } from "./checkLanguage.ts";
import { nothingToServe } from "./fromStatic.ts";
import { inWranglersWords } from "./inWranglersWords.ts";
import { type AssetList, listAssets } from "./listAssets.ts";
import { keptNotices, type ProjectParts, type ServedParts } from "./ProjectParts.ts";
import { pagesOf } from "./pagesOf.ts";
import { type ReadConfig, readConfig, type WranglerConfig } from "./readConfig.ts";
import type { WorkerUpload } from "./readUpload.ts";
import { requireInside } from "./requireInside.ts";
import { ruleNotices } from "./ruleNotices.ts";
import type { StartedWrangler } from "./startWrangler.ts";

export interface FromConfigParameters {
  readonly directory: string;
  readonly configPath: string;
  readonly environment: string | undefined;
  /** Whether the folder is without a configuration of its own: what `configPath` says was made up for it. */
  readonly isPlain?: boolean | undefined;
  /** A folder of its own for what is made on the way. */
  readonly temporary: string;
  /** One that was started for it. */
  readonly wrangler?: StartedWrangler | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
  /** Called before anything is built with what the configuration says of the manifest; the project ends where it throws. */
  readonly onManifest?: ((manifest: Manifest) => Promise<void>) | undefined;
}

/** Where wrangler writes to, of the folder for what is made on the way. */
export function wranglerFolder(temporary: string): string {
  return join(temporary, "wrangler");
}

/**
 * A project with a wrangler configuration. The project's own build, which may make its static files, runs before those
 * are looked at; what cannot be honoured is refused before that.
 *
 * @throws {BundleError} see `readConfig`, `checkLanguage`, `checkDate`, `bundleWorker`, `checkBindings`, `requireInside`, `listAssets`.
 */
export async function fromConfig(parameters: FromConfigParameters): Promise<ProjectParts> {
  const { directory, configPath, environment, isPlain = false, temporary, wrangler } = parameters;
  const { signal, onProgress } = parameters;
  onProgress?.("bundling with wrangler"); // it reads the configuration too
  const read = await readConfig(configPath, environment, wrangler?.configuration);
  const { config } = read;
  const pages = config.pages_build_output_dir !== undefined;
  checkLanguage(config);
  const { assets: how, ...said } = fromWrangler(config);
  inWranglersWords(config, { ...said, ...(how && { assets: how }) });
  const served = pages ? await pagesOf({ ...parameters, isPlain }, config) : servedBy(parameters, read, how);
  const requirePublished = (): Promise<void> => requireOwn(parameters, config, served);
  await requirePublished();
  if (served.hasWorker) checkDate(config.compatibility_date, read.newestDate);
  await parameters.onManifest?.({
    manifest: 2,
    ...said,
    ...(served.assets && { assets: served.assets.how }),
  });

  const { worker, runWorkerFirst, sources } = await makeWorker(served, config, {
    directory,
    temporary: wranglerFolder(temporary),
    wrangler,
    signal,
    onLine: onProgress,
  });
  const assets = served.assets && {
    ...served.assets,
    how: { ...served.assets.how, ...(runWorkerFirst !== undefined && { runWorkerFirst }) },
  };
  await requirePublished(); // the build may have made them
  const list = assets && (await listAssets(assets.directory, { publishing: assets.publishing, signal }));
  const manifest = withoutEmpty({
    manifest: 2,
    ...said,
    ...(worker && { main: worker.main, modules: typesOf(worker) }),
    ...(assets && (list?.files.length ?? 0) > 0 && { assets: assets.how }),
  });
  if (worker === undefined && (list?.files.length ?? 0) === 0)
    throw nothingToServe(served.assets?.directory ?? directory);
  if (list?.files.length === 0 && served.assets?.how.binding !== undefined)
    throw noFiles(served.assets.directory);
  if (worker !== undefined) checkBindings(worker.bindings, manifest);
  const told =
    assets && list ? await ruleNotices({ assets: list.files, how: assets.how, temporary, signal }) : [];
  return {
    manifest,
    modules: worker?.modules ?? [],
    assets: list?.files ?? [],
    name: config.topLevelName ?? config.name,
    notices: [
      ...read.notices,
      ...cpuNotices(config.limits?.cpu_ms),
      ...served.notices,
      ...(list === undefined ? [] : noticesOf(list)),
      ...(assets && list ? sourceNotices(directory, assets.directory, list, sources) : []),
      ...told,
    ],
  };
}

/** All that is published as it lies there: the files, and the modules that are taken along beside the worker's. */
async function requireOwn(
  { directory, configPath }: FromConfigParameters,
  config: WranglerConfig,
  { assets }: ServedParts,
): Promise<void> {
  if (assets !== undefined) {
    const field = config.pages_build_output_dir === undefined ? "assets.directory" : "pages_build_output_dir";
    await requireInside({ directory, folder: assets.directory, field });
  }
  const { find_additional_modules, base_dir, main } = config;
  if (find_additional_modules !== true || main === undefined) return;
  const base = resolve(dirname(configPath), base_dir ?? dirname(main));
  await requireInside({ directory, folder: base, field: base_dir === undefined ? "main" : "base_dir" });
}

interface MakeWorkerParameters {
  readonly directory: string;
  readonly temporary: string;
  readonly wrangler: StartedWrangler | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onLine: ((line: string) => void) | undefined;
}

async function makeWorker(
  { build, hasWorker }: ServedParts,
  config: WranglerConfig,
  parameters: MakeWorkerParameters,
): Promise<{ worker?: WorkerUpload; runWorkerFirst?: true | string[]; sources?: readonly string[] }> {
  if (build === undefined) return {};
  const { onLine } = parameters;
  if (build.by === "functions") {
    onLine?.("building the Pages Functions with wrangler");
    const { upload, ...built } = await buildFunctions({ ...parameters, ...build, config });
    return { worker: upload, ...built };
  }
  onLine?.("bundling with wrangler");
  const worker = await bundleWorker({ ...parameters, ...build });
  return hasWorker ? { worker } : {};
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
    build: builds ? { by: "config", configPath, environment } : undefined,
    hasWorker,
    assets: how && {
      directory: assetsDirectory(configPath, config.assets?.directory),
      how,
      publishing: "named",
    },
    notices: [],
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

/** What a node gives at most, as long as its owner does not say otherwise. */
const MOST_CPU_MS = 30_000;

function cpuNotices(cpuMs: number | undefined): string[] {
  if (cpuMs === undefined || cpuMs <= MOST_CPU_MS) return [];
  return [
    `limits.cpu_ms is ${cpuMs}: a node gives ${MOST_CPU_MS} at most, unless its owner says otherwise, and cuts the request there`,
  ];
}

/** What functions import may lie among the files, where browsers may want it too. */
function sourceNotices(
  directory: string,
  output: string,
  { files }: AssetList,
  sources: readonly string[] = [],
): string[] {
  const used = new Set(sources.map((path) => join(directory, path)));
  const both = files.filter(({ path }) => used.has(join(output, path))).map(({ path }) => path);
  if (both.length === 0) return [];
  return [
    `published as files too, although the functions use them: ${both.join(", ")}; an .assetsignore keeps them back`,
  ];
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
