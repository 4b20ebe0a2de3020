import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { BundleError } from "./BundleError.ts";
import { bundleArguments, bundleFiles } from "./bundleArguments.ts";
import { readUpload, type WorkerUpload } from "./readUpload.ts";
import { runWrangler } from "./runWrangler.ts";
import { stablePaths } from "./stablePaths.ts";
import type { StartedWrangler } from "./startWrangler.ts";
import { wranglerProblem } from "./wranglerProblem.ts";

export interface BundleWorkerParameters {
  readonly configPath: string;
  readonly environment: string | undefined;
  /** The project's folder. */
  readonly directory: string;
  /** An empty folder for what wrangler writes. */
  readonly temporary: string;
  /** One that was started before; it bundles if it was started for this. */
  readonly wrangler?: StartedWrangler | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
}

/**
 * Lets wrangler build and bundle a worker without deploying it, and takes the entry and exactly the modules that it
 * imports. The same sources give the same bytes, wherever they lie.
 *
 * @throws {BundleError} `BUNDLE_FAILED` with wrangler's words, `BUNDLE_TIMEOUT`, and what `readUpload` throws.
 */
export async function bundleWorker(parameters: BundleWorkerParameters): Promise<WorkerUpload> {
  const { configPath, directory, temporary, signal, onLine } = parameters;
  const { upload, metafile } = bundleFiles({ temporary });
  const started = parameters.wrangler?.isFor(parameters) === true ? parameters.wrangler : undefined;
  await mkdir(temporary, { recursive: true }); // wrangler writes the metafile into no new folder
  const args = bundleArguments(parameters);
  const run = started?.run(onLine) ?? runWrangler({ args, directory, temporary, signal, onLine });
  const { exitCode, output } = await run;
  if (exitCode !== 0) throw bundleFailed(wranglerProblem(output, [directory, temporary]), directory);

  const worker = await readUpload(upload);
  const sources = await readMetafile(metafile);
  const modules = worker.modules.map((module) =>
    module.name === worker.main
      ? { ...module, content: stablePaths(module.content, { sources, from: dirname(configPath), directory }) }
      : module,
  );
  return { ...worker, modules };
}

/** There is none where the project has `no_bundle`. */
async function readMetafile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined;
  }
}

function bundleFailed(problem: string, directory: string): BundleError {
  const missing = /entry-point file at .* was not found/.test(problem);
  return new BundleError({
    code: "BUNDLE_FAILED",
    message: problem === "" ? "Wrangler cannot bundle the worker, and does not say why." : problem,
    value: directory,
    next: missing
      ? "run the project's own build first (npm run build), or correct main in the configuration"
      : "correct the project; npx wrangler deploy --dry-run shows the same",
  });
}
