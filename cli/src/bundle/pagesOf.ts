import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { BundleError } from "./BundleError.ts";
import type { ServedParts } from "./ProjectParts.ts";
import type { WranglerConfig } from "./readConfig.ts";
import { routesOf } from "./routesOf.ts";

export interface PagesOfParameters {
  readonly directory: string;
  readonly configPath: string;
  /** A folder of its own for what is made on the way. */
  readonly temporary: string;
}

/**
 * A project of Cloudflare Pages (`pages_build_output_dir`): static files, and perhaps a `_worker.js` among them, which
 * gets all requests but those that `_routes.json` leaves out. Wrangler bundles it by a configuration written for that.
 *
 * Source: https://developers.cloudflare.com/pages/functions/advanced-mode/
 *
 * @throws {BundleError} `PAGES_FUNCTIONS`, `ROUTES_INVALID`.
 */
export async function pagesOf(parameters: PagesOfParameters, config: WranglerConfig): Promise<ServedParts> {
  const { directory, configPath, temporary } = parameters;
  const output = resolve(dirname(configPath), config.pages_build_output_dir ?? ".");
  if ((await kindOf(join(directory, "functions"))) === "directory")
    throw functionsError(join(directory, "functions"));
  const worker = await kindOf(join(output, "_worker.js"));
  const has404 = (await kindOf(join(output, "404.html"))) === "file";
  // Pages takes a project without a 404 page for one with a single page.
  const notFoundHandling = has404 ? "404-page" : "single-page-application";
  if (worker === undefined) {
    return {
      build: undefined,
      hasWorker: false,
      assets: { directory: output, how: { notFoundHandling, pages: true } },
    };
  }
  const runWorkerFirst = await routesOf(join(output, "_routes.json"));
  const main = worker === "directory" ? join("_worker.js", "index.js") : "_worker.js";
  await mkdir(temporary, { recursive: true });
  const written = join(temporary, "wrangler.json");
  await writeFile(written, JSON.stringify(buildConfig(config, join(output, main), worker === "directory")));
  return {
    build: { configPath: written, environment: undefined },
    hasWorker: true,
    assets: { directory: output, how: { binding: "ASSETS", notFoundHandling, runWorkerFirst, pages: true } },
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

function functionsError(path: string): BundleError {
  return new BundleError({
    code: "PAGES_FUNCTIONS",
    message: "The project has Pages Functions, which are not bundled here.",
    value: path,
    next: "make one worker of them: npx wrangler pages functions build --outdir <output>/_worker.js",
  });
}
