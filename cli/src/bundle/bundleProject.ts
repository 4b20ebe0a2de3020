import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { detectProject } from "./detectProject.ts";
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
  readonly signal?: AbortSignal | undefined;
  /** Called with what it is at: a line of wrangler's, or of the project's own build. */
  readonly onProgress?: ((text: string) => void) | undefined;
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
  const { environment, signal, onProgress } = parameters;
  const project = await detectProject(parameters.directory);
  if (project.kind === "deployment") {
    const deployment = await fromDeployment(project.directory, { signal });
    return { ...deployment, ...closing(async () => undefined) };
  }
  const temporary = await realpath(await mkdtemp(join(tmpdir(), "worker3-bundle-")));
  const remove = async (): Promise<void> => rm(temporary, { recursive: true, force: true });
  try {
    const parts: ProjectParts =
      project.kind === "static"
        ? await fromStatic(project.directory, { environment, signal })
        : await fromConfigBy({ ...project, environment, temporary, signal, onProgress });
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

function closing(close: () => Promise<void>): Pick<BundledProject, "close" | typeof Symbol.asyncDispose> {
  return { close, [Symbol.asyncDispose]: close };
}
