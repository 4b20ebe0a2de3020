import { parseArgs } from "node:util";
import { DeploymentError } from "./DeploymentError.ts";

export interface CheckOptions {
  readonly help: boolean;
  readonly json: boolean;
  /** A name or a file, as the command takes it. */
  readonly network: string;
  /** A name or a file; undefined for those of the network's name. */
  readonly parameters: string | undefined;
}

export const CHECK_USAGE = `Usage: npm run check:deployment -- --network NAME|FILE [options]

Compares a deployment with the build and with its declared parameters: code, immutables, bindings, parameters, roles.
Exit code 0: all as declared; 1: something differs, or the chain cannot be asked; 2: wrong usage.

  --network NAME|FILE      networks/NAME.json here or above, or a network file
  --parameters NAME|FILE   ignition/parameters/NAME.json, or a file; by default parameters.json beside
                           the network file, where a devnet leaves them, or those of the network's name
  --json                   one line of JSON on stdout instead of the table
  --help
`;

/**
 * Reads the arguments of `npm run check:deployment`.
 *
 * @throws {DeploymentError} `USAGE`, with what is wrong.
 */
export function parseCheckOptions(args: readonly string[]): CheckOptions {
  const { network = "", parameters, json, help } = parse(args);
  if (!help && network === "") throw usage("No network is named.", "--network");
  return { help, json, network, parameters };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        network: { type: "string" },
        parameters: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (cause) {
    throw usage(cause instanceof Error ? cause.message : String(cause), args.join(" "), cause);
  }
}

function usage(message: string, value: string, cause?: unknown): DeploymentError {
  return new DeploymentError({
    code: "USAGE",
    message,
    value,
    next: "npm run check:deployment -- --help",
    cause,
  });
}
