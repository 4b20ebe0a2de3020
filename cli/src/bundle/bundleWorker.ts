import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BundleError } from "./BundleError.ts";
import { readUpload, type WorkerUpload } from "./readUpload.ts";
import { runWrangler } from "./runWrangler.ts";
import { stablePaths } from "./stablePaths.ts";
import { wranglerProblem } from "./wranglerProblem.ts";

export interface BundleWorkerParameters {
  readonly configPath: string;
  readonly environment: string | undefined;
  /** Whether the configuration names the worker. Wrangler wants a name; a deployment has none. */
  readonly isNamed: boolean;
  /** The project's folder. */
  readonly directory: string;
  /** An empty folder for what wrangler writes. */
  readonly temporary: string;
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
  const { configPath, environment, isNamed, directory, temporary, signal, onLine } = parameters;
  const upload = join(temporary, "worker.bundle");
  const metafile = join(temporary, "metafile.json");
  await mkdir(temporary, { recursive: true }); // wrangler writes the metafile into no new folder
  const args = ["deploy", "--dry-run", "--autoconfig=false", "--upload-source-maps=false"];
  // An empty text is wrangler's word for "none": without it CLOUDFLARE_ENV would be asked.
  args.push("--config", configPath, "--env", environment ?? "");
  if (!isNamed) args.push("--name", "worker");
  args.push("--outdir", join(temporary, "out"), "--outfile", upload, "--metafile", metafile);
  const { exitCode, output } = await runWrangler({ args, directory, temporary, signal, onLine });
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
