import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { DevnetError } from "./DevnetError.ts";

export interface DevnetOptions {
  readonly help: boolean;
  readonly nodes: number;
  /** Absolute. */
  readonly stateDirectory: string;
  readonly rpcPort: number;
  /** Node `i` listens on this port plus `i`. */
  readonly portBase: number;
  readonly epochSeconds: number;
  /** Blocks above one that the agents take for final; undefined: the chain's own tag. */
  readonly confirmations: number | undefined;
  readonly json: boolean;
  readonly sample: boolean;
}

export const USAGE = `Usage: npm run devnet -- [options]

A chain, the contracts and a few nodes on this machine, with a sample project on them.

  --nodes N           how many nodes (3)
  --state DIR         where everything is kept; what a former devnet left there is replaced (.worker3)
  --port-base N       node 1 listens on port N+1, node 2 on N+2, ... (8100)
  --rpc-port N        the port of the chain (8545)
  --epoch-seconds N   how long an accounting period takes (20); at least 10
  --confirmations N   blocks above one that the agents take for final (two, as the chain says):
                      no reorganisation goes deeper
  --json              one line of JSON on stdout when ready, instead of the table
  --no-sample         deploy no project
  --help
`;

const MAX_NODES = 64;
const MAX_CONFIRMATIONS = 1_000;
const MAX_PORT = 65_535;
const MAX_UINT32 = 2 ** 32 - 1;
/** The contracts take no shorter epochs. */
const MIN_EPOCH_SECONDS = 10;

/**
 * Reads the arguments of `npm run devnet`.
 *
 * @throws {DevnetError} `USAGE`, with the argument that is wrong.
 */
export function parseOptions(args: readonly string[], currentDirectory: string): DevnetOptions {
  const values = parse(args);
  const nodes = whole("--nodes", values.nodes, 1, MAX_NODES);
  const portBase = whole("--port-base", values["port-base"], 0, MAX_PORT - nodes);
  const rpcPort = whole("--rpc-port", values["rpc-port"], 1, MAX_PORT);
  if (rpcPort > portBase && rpcPort <= portBase + nodes) {
    throw usage(`--rpc-port ${rpcPort} is also the port of node ${rpcPort - portBase}`, String(rpcPort));
  }
  if (values.state === "") throw usage("--state needs a folder", "");
  return {
    help: values.help,
    nodes,
    stateDirectory: resolve(currentDirectory, values.state),
    rpcPort,
    portBase,
    epochSeconds: whole("--epoch-seconds", values["epoch-seconds"], MIN_EPOCH_SECONDS, MAX_UINT32),
    confirmations:
      values.confirmations === undefined
        ? undefined
        : whole("--confirmations", values.confirmations, 0, MAX_CONFIRMATIONS),
    json: values.json,
    sample: !values["no-sample"],
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        nodes: { type: "string", default: "3" },
        state: { type: "string", default: ".worker3" },
        "port-base": { type: "string", default: "8100" },
        "rpc-port": { type: "string", default: "8545" },
        "epoch-seconds": { type: "string", default: "20" },
        confirmations: { type: "string" },
        json: { type: "boolean", default: false },
        "no-sample": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (cause) {
    throw usage(cause instanceof Error ? cause.message : String(cause), args.join(" "), cause);
  }
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw usage(`${name} is a whole number from ${min} to ${max}, not "${text}"`, text);
}

function usage(message: string, value: string, cause?: unknown): DevnetError {
  return new DevnetError({ code: "USAGE", message, value, next: "npm run devnet -- --help", cause });
}
