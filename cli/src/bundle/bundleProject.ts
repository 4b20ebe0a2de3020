import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MANIFEST_PATH } from "@worker3/sdk";
import { BundleError } from "./BundleError.ts";
import { detectProject, type Project } from "./detectProject.ts";
import { type FromConfigParameters, fromConfig, wranglerFolder } from "./fromConfig.ts";
import { fromDeployment } from "./fromDeployment.ts";
import { fromStatic } from "./fromStatic.ts";
import type { DeploymentFolder, ProjectParts } from "./ProjectParts.ts";
import { startWrangler } from "./startWrangler.ts";
import { writeDeployment } from "./writeDeployment.ts";

export interface BundleProjectParameters {
  /** Of the project: with a wrangler configuration, of static files, or a deployment folder. */
  readonly directory: string;
  /** A key of the configuration's `env`. */
  readonly environment?: string | undefined;
  /** Whether `index.html` answers every address without a file: for folders without a configuration, which say it themselves. */
  readonly spa?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with what it is at: a line of wrangler's, or of the project's own build. */
  readonly onProgress?: ((text: string) => void) | undefined;
  /** Called before anything is built with what a configuration says of the manifest; the project ends where it throws. */
  readonly onManifest?: FromConfigParameters["onManifest"];
}

/** A project as a deployment folder on disk, until `close`. */
export interface BundledProject extends DeploymentFolder, AsyncDisposable {
  close(): Promise<void>;
}

/**
 * Makes a deployment folder of a project: wrangler builds and bundles the worker by a dry run, and what its configuration
 * says goes into the manifest. A folder without a configuration is a site of static files. The same project gives the
 * same folder, wherever it lies.
 *
 * @throws {BundleError} What is wrong with the project, see its `code`; {ManifestError}; {DiskError} for a symbolic link
 *   among the files.
 */
export async function bundleProject(parameters: BundleProjectParameters): Promise<BundledProject> {
  const { environment, spa = false, signal, onProgress, onManifest } = parameters;
  const project = await detectProject(parameters.directory);
  if (spa && project.kind !== "static") throw notForSpa(project);
  if (project.kind === "deployment") {
    const deployment = await fromDeployment(project.directory, { signal });
    return { ...deployment, ...closing(async () => undefined) };
  }
  const temporary = await realpath(await mkdtemp(join(tmpdir(), "worker3-bundle-")));
  const remove = async (): Promise<void> => rm(temporary, { recursive: true, force: true });
  try {
    const parts: ProjectParts =
      project.kind === "static"
        ? await fromStatic(project.directory, { environment, spa, temporary, signal })
        : project.kind === "pages"
          ? await fromPlainPages({ ...project, environment, temporary, signal, onProgress, onManifest })
          : await fromConfigBy({ ...project, environment, temporary, signal, onProgress, onManifest });
    const directory = join(temporary, "deployment");
    const { manifest, modules, assets, name, notices } = parts;
    const written = await writeDeployment({ directory, manifest, modules, assets, signal });
    return { directory, manifest, name, notices, ...written, ...closing(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** With a wrangler that is gone before the folder that it writes to. */
async function fromConfigBy(parameters: FromConfigParameters): Promise<ProjectParts> {
  await using wrangler = startWrangler({ ...parameters, temporary: wranglerFolder(parameters.temporary) });
  return await fromConfig({ ...parameters, wrangler });
}

/** By which a worker runs that nobody gave a date. A fixed one: today's would give the same folder another CID every day. */
const UNDATED = "2026-11-01";

/** A folder with Pages Functions or a `_worker.js`: as a project of Pages whose output is the folder itself. */
async function fromPlainPages(parameters: Omit<FromConfigParameters, "configPath">): Promise<ProjectParts> {
  const { directory, temporary } = parameters;
  const configPath = join(temporary, "wrangler.json");
  const config = { name: "site", pages_build_output_dir: directory, compatibility_date: UNDATED };
  await writeFile(configPath, JSON.stringify(config));
  const parts = await fromConfig({ ...parameters, configPath, isPlain: true });
  const dated = `the worker runs by compatibility date ${UNDATED}; for another, write a wrangler.jsonc: ${JSON.stringify({ ...config, pages_build_output_dir: "." })}`;
  return { ...parts, notices: [...parts.notices, dated] };
}

function notForSpa({ kind, directory }: Project): BundleError {
  return new BundleError({
    code: "SPA_NOT_PLAIN",
    message: "The project says itself what answers an address without a file.",
    value: directory,
    next:
      kind === "wrangler"
        ? 'leave --spa away, and write "not_found_handling": "single-page-application" into assets of the configuration'
        : kind === "pages"
          ? "leave --spa away: without a 404.html a project with functions or a _worker.js is a single page already"
          : `leave --spa away, and write "notFoundHandling": "single-page-application" into assets of ${MANIFEST_PATH}`,
  });
}

function closing(close: () => Promise<void>): Pick<BundledProject, "close" | typeof Symbol.asyncDispose> {
  return { close, [Symbol.asyncDispose]: close };
}
