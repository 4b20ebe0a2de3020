import { existsSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { type Parameters, readParameters } from "../../ignition/parameters.ts";
import { DeploymentError } from "./DeploymentError.ts";

export interface FindParametersParameters {
  /** Of the repository. */
  readonly root: string;
  /** Where relative paths start. */
  readonly directory: string;
  /** A name or a file, as given; undefined for those that belong to the network. */
  readonly given: string | undefined;
  /** A name or a file. */
  readonly network: string;
}

/**
 * The declared parameters of a network: those that are named; or `parameters.json` beside the network file, where a devnet
 * leaves what it declared; or `ignition/parameters/<name>.json`.
 *
 * @throws {DeploymentError} `NO_PARAMETERS`, `PARAMETERS_INVALID`.
 */
export async function findParameters(parameters: FindParametersParameters): Promise<Parameters> {
  const { root, directory, given, network } = parameters;
  const named = (name: string) => join(root, "ignition/parameters", `${name}.json`);
  const beside = isFile(network) ? [join(dirname(resolve(directory, network)), "parameters.json")] : [];
  const candidates =
    given === undefined
      ? [...beside, named(basename(network, ".json"))]
      : [isFile(given) ? resolve(directory, given) : named(given)];
  const file = candidates.find((candidate) => existsSync(candidate));
  if (file === undefined) {
    throw new DeploymentError({
      code: "NO_PARAMETERS",
      message: "There are no declared parameters for this network.",
      value: candidates.join(", "),
      next: "name them: --parameters NAME|FILE",
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

function isFile(given: string): boolean {
  return /[\\/]/.test(given) || extname(given) === ".json";
}
