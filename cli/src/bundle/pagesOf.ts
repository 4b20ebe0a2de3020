import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { holdsFunctions } from "./holdsFunctions.ts";
import type { BuildPlan, ServedParts } from "./ProjectParts.ts";
import type { WranglerConfig } from "./readConfig.ts";
import { routesOf } from "./routesOf.ts";

export interface PagesOfParameters {
  readonly directory: string;
  readonly configPath: string;
  /** A folder of its own for what is made on the way. */
  readonly temporary: string;
  /** Whether the files are the project's own folder, which nobody put together to be published. */
  readonly isPlain: boolean;
}

/**
 * A project of Cloudflare Pages (`pages_build_output_dir`): static files, and perhaps a worker, which gets all requests but
 * those that `_routes.json` leaves out: a `_worker.js` among the files, or what wrangler makes of the folder `functions`.
 * Where there are both, `_worker.js` wins.
 *
 * Source: https://developers.cloudflare.com/pages/functions/advanced-mode/
 *
 * @throws {BundleError} `ROUTES_INVALID`.
 */
export async function pagesOf(parameters: PagesOfParameters, config: WranglerConfig): Promise<ServedParts> {
  const { directory, configPath, temporary, isPlain } = parameters;
  const output = resolve(dirname(configPath), config.pages_build_output_dir ?? ".");
  const functions = join(directory, "functions");
  const worker = await kindOf(join(output, "_worker.js"));
  const hasFunctions = await holdsFunctions(functions);
  const has404 = (await kindOf(join(output, "404.html"))) === "file";
  const how = {
    // Pages takes a project without a 404 page for one with a single page.
    notFoundHandling: has404 ? ("404-page" as const) : ("single-page-application" as const),
    pages: true as const,
  };
  const publishing = isPlain ? ("plain pages" as const) : ("pages" as const);
  const routes = join(output, "_routes.json");
  if (worker === undefined) {
    const hasRoutes = (await kindOf(routes)) === "file";
    const build: BuildPlan | undefined = hasFunctions
      ? { by: "functions", functions, routes: hasRoutes ? routes : undefined }
      : undefined;
    // Which paths the functions answer is known when they are built.
    const assets = {
      directory: output,
      how: { ...how, ...(hasFunctions && { binding: "ASSETS" }) },
      publishing,
    };
    return { build, hasWorker: hasFunctions, assets, notices: [] };
  }
  const runWorkerFirst = await routesOf(routes);
  const main = worker === "directory" ? join("_worker.js", "index.js") : "_worker.js";
  await mkdir(temporary, { recursive: true });
  const written = join(temporary, "wrangler.json");
  await writeFile(written, JSON.stringify(buildConfig(config, join(output, main), worker === "directory")));
  return {
    build: { by: "config", configPath: written, environment: undefined },
    hasWorker: true,
    assets: { directory: output, how: { binding: "ASSETS", ...how, runWorkerFirst }, publishing },
    notices: hasFunctions ? ["functions/ is left aside: _worker.js answers in its place, as on Pages"] : [],
  };
}

/** A folder of modules is taken as it is, as Pages takes it. */
function buildConfig(config: WranglerConfig, main: string, isFolder: boolean): object {
  return {
    name: config.name ?? "pages",
    main,
    compatibility_date: config.compatibility_date,
    compatibility_flags: config.compatibility_flags,
    ...(isFolder && {
      no_bundle: true,
      find_additional_modules: true,
      rules: [{ type: "ESModule", globs: ["**/*.js", "**/*.mjs"] }],
    }),
  };
}

async function kindOf(path: string): Promise<"file" | "directory" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "directory" : "file";
  } catch {
    return undefined;
  }
}
