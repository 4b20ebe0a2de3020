import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Worker3Error } from "@worker3/sdk";
import { findNetwork } from "../../cli/src/context/findNetwork.ts";
import { DeploymentError } from "./DeploymentError.ts";
import { isUsageError } from "./isUsageError.ts";
import { readBuild } from "./readBuild.ts";
import type { RunOptions } from "./runCheck.ts";
import { standardInput } from "./standardInput.ts";
import { writeVerification } from "./writeVerification.ts";

export const VERIFICATION_USAGE = `Usage: npm run build:verification -- [options]

Writes what Sourcify, Etherscan and Blockscout need to verify the contracts into a folder: for each contract a standard JSON
input, and contracts.json with compiler version, contract name and constructor arguments.

  --network NAME|FILE   also the addresses and constructor arguments of this deployment, from its chain
  --out DIR             the folder (dist/verification)
  --help
`;

/** Runs `npm run build:verification` and gives its exit code. */
export async function runVerification(args: readonly string[], options: RunOptions): Promise<number> {
  const { root, directory, stdout, stderr } = options;
  try {
    const { network: name, out, help } = parse(args);
    if (help) {
      stdout(VERIFICATION_USAGE);
      return 0;
    }
    const network = name === undefined ? undefined : (await findNetwork(name, directory)).network;
    const build = await readBuild(root);
    const folder = out === undefined ? join(root, "dist/verification") : resolve(directory, out);
    for (const { contract, file, contractName, compilerVersion, deployed } of await writeVerification({
      build,
      folder,
      network,
    })) {
      const sources = Object.keys(standardInput(build[contract]).sources).length;
      stdout(
        `${relative(directory, join(folder, file))}: ${contractName}, ${sources} sources, ${compilerVersion}\n`,
      );
      if (deployed === undefined) continue;
      const { address, constructorArguments } = deployed;
      stdout(`  at ${address}, constructor arguments: ${constructorArguments.length / 2} bytes\n`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof Worker3Error)) throw error;
    const { message, value, next } = error;
    stderr(`${[`error: ${message}`, value, next].filter((line) => line !== undefined).join("\n  ")}\n`);
    return isUsageError(error) ? 2 : 1;
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        network: { type: "string" },
        out: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (cause) {
    throw new DeploymentError({
      code: "USAGE",
      message: cause instanceof Error ? cause.message : String(cause),
      value: args.join(" "),
      next: "npm run build:verification -- --help",
      cause,
    });
  }
}
