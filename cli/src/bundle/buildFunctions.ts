import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import type { ModuleType } from "@worker3/sdk";
import { BundleError } from "./BundleError.ts";
import { isRecord } from "./isRecord.ts";
import type { WranglerConfig } from "./readConfig.ts";
import type { WorkerModule, WorkerUpload } from "./readUpload.ts";
import { routesOf } from "./routesOf.ts";
import { runWrangler } from "./runWrangler.ts";
import { stablePaths } from "./stablePaths.ts";
import { wranglerProblem } from "./wranglerProblem.ts";

export interface BuildFunctionsParameters {
  /** The folder of functions. */
  readonly functions: string;
  /** The project's own `_routes.json`; undefined: which paths go to the worker follows from the functions. */
  readonly routes: string | undefined;
  readonly config: Pick<WranglerConfig, "compatibility_date" | "compatibility_flags">;
  /** The project's folder. */
  readonly directory: string;
  /** A folder for what wrangler writes. */
  readonly temporary: string;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface BuiltFunctions {
  readonly upload: WorkerUpload;
  /** The manifest's `runWorkerFirst`. */
  readonly runWorkerFirst: true | string[];
  /** The files of the project that became a part of it, relative to the project's folder, with `/`. */
  readonly sources: readonly string[];
}

const ENTRY = "index.js";

/** Wrangler copies what functions import beside the bundle; it tells these kinds by the ending. */
const TYPES: Readonly<Record<string, ModuleType>> = {
  ".js": "esm",
  ".mjs": "esm",
  ".wasm": "wasm",
  ".bin": "data",
  ".txt": "text",
  ".html": "text",
  ".sql": "text",
};

/**
 * Lets wrangler make one worker of a folder of Pages Functions, by its own command. The same sources give the same bytes,
 * wherever they lie.
 *
 * Source: https://developers.cloudflare.com/pages/functions/routing/
 *
 * @throws {BundleError} `BUNDLE_FAILED` with wrangler's words, `BUNDLE_TIMEOUT`, `ROUTES_INVALID`, `UNSUPPORTED_MODULE`.
 */
export async function buildFunctions(parameters: BuildFunctionsParameters): Promise<BuiltFunctions> {
  const { functions, routes, config, directory, temporary, signal, onLine } = parameters;
  const out = join(temporary, "functions");
  const metafile = join(temporary, "functions.json");
  const written = join(temporary, "_routes.json");
  await mkdir(out, { recursive: true });
  // By another name: wrangler writes the path into code, where a question mark means something else.
  const linked = join(temporary, "project");
  await symlink(directory, linked, "dir");
  const args = [
    "pages",
    "functions",
    "build",
    join(linked, relative(directory, functions)),
    "--outdir",
    out,
    "--metafile",
    metafile,
  ];
  args.push("--output-routes-path", written);
  if (config.compatibility_date !== undefined) args.push("--compatibility-date", config.compatibility_date);
  for (const flag of config.compatibility_flags ?? []) args.push("--compatibility-flag", flag);
  // It leaves files where it is started.
  const { exitCode, output } = await runWrangler({ args, directory: temporary, temporary, signal, onLine });
  if (exitCode !== 0)
    throw notBuilt(
      wranglerProblem(output, [linked, directory, relative(temporary, directory), temporary]),
      functions,
    );
  const sources: unknown = JSON.parse(await readFile(metafile, "utf8"));
  return {
    upload: {
      main: ENTRY,
      modules: await modulesIn(out, { sources, from: functions, directory }),
      bindings: [],
    },
    runWorkerFirst: await routesOf(routes ?? written),
    sources: sourcesIn(sources, functions, directory),
  };
}

function sourcesIn(metafile: unknown, from: string, directory: string): string[] {
  const inputs = isRecord(metafile) && isRecord(metafile.inputs) ? Object.keys(metafile.inputs) : [];
  return inputs
    .map((path) => relative(directory, join(from, path)).split(sep).join("/"))
    .filter((path) => !path.startsWith("../"));
}

async function modulesIn(
  out: string,
  paths: { sources: unknown; from: string; directory: string },
): Promise<WorkerModule[]> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const modules: WorkerModule[] = [];
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.endsWith(".map")) continue;
    const onDisk = join(entry.parentPath, entry.name);
    const name = onDisk
      .slice(out.length + 1)
      .split(sep)
      .join("/");
    const content = new Uint8Array(await readFile(onDisk));
    modules.push({
      name,
      type: typeOf(name),
      content: name === ENTRY ? stablePaths(content, paths) : content,
    });
  }
  return modules.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function typeOf(name: string): ModuleType {
  const type = TYPES[extname(name)];
  if (type !== undefined) return type;
  throw new BundleError({
    code: "UNSUPPORTED_MODULE",
    message: "Nodes have no modules of this type.",
    value: name,
    next: "write it in JavaScript, or import it as text, data or wasm",
  });
}

function notBuilt(problem: string, functions: string): BundleError {
  return new BundleError({
    code: "BUNDLE_FAILED",
    message: problem === "" ? "Wrangler cannot build the Pages Functions, and does not say why." : problem,
    value: functions,
    next: "correct the functions; npx wrangler pages functions build --outdir out shows the same",
  });
}
