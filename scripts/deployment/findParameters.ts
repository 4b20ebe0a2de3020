import { access } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { type Parameters, readParameters } from "../../ignition/parameters.ts";
import { DeploymentError } from "./DeploymentError.ts";

export interface FindParametersParameters {
  /** Of the repository. */
  readonly root: string;
  /** Where relative paths start. */
  readonly directory: string;
  /** A name or a file, as given; undefined for those of the network's name. */
  readonly given: string | undefined;
  /** A name or a file. */
  readonly network: string;
}

/**
 * The declared parameters of a network: `ignition/parameters/<name>.json`, or a file.
 *
 * @throws {DeploymentError} `NO_PARAMETERS`, `PARAMETERS_INVALID`.
 */
export async function findParameters(parameters: FindParametersParameters): Promise<Parameters> {
  const { root, directory, given, network } = parameters;
  const name = given ?? basename(network, ".json");
  const isFile = /[\\/]/.test(name) || extname(name) === ".json";
  const file = isFile ? resolve(directory, name) : join(root, "ignition/parameters", `${name}.json`);
  try {
    await access(file);
  } catch (cause) {
    throw new DeploymentError({
      code: "NO_PARAMETERS",
      message: "There are no declared parameters for this network.",
      value: file,
      next: "name them: --parameters NAME|FILE",
      cause,
    });
  }
  try {
    return await readParameters(file);
  } catch (cause) {
    throw new DeploymentError({
      code: "PARAMETERS_INVALID",
      message: cause instanceof Error ? cause.message : String(cause),
      value: file,
      next: "correct the file, or name another: --parameters NAME|FILE",
      cause,
    });
  }
}
