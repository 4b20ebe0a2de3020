import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { contractsDigest, DIGEST_FILE } from "../abi/contractsDigest.ts";
import type { Processes } from "./createProcesses.ts";
import { DevnetError } from "./DevnetError.ts";
import type { Command } from "./startAgent.ts";
import { tailOf } from "./tailOf.ts";

export interface BuildContractsParameters {
  readonly processes: Processes;
  readonly root: string;
  readonly stateDirectory: string;
  /** Called if there is something to do, which takes about a minute. */
  readonly onBuild: () => void;
  /** What builds, one after the other: contracts, then ABIs and bytecode. Other ones in tests, which do not wait so long. */
  readonly commands?: readonly Command[];
}

/**
 * Makes sure that the ABIs and the bytecode in `sdk/src/abi`, which agents know and the devnet deploys, are those of the
 * contracts: in a checkout they are, and after a change of the contracts they are built again.
 */
export async function buildContracts(parameters: BuildContractsParameters): Promise<void> {
  const { processes, root, stateDirectory, onBuild, commands = buildCommands(root) } = parameters;
  const known = await readFile(join(root, "sdk/src/abi", DIGEST_FILE), "utf8").catch(() => "");
  if (known.trim() === (await contractsDigest(root))) return;

  onBuild();
  const logFile = join(stateDirectory, "build.log");
  for (const { file, args } of commands) {
    const log = openSync(logFile, "a");
    const build = processes.start({
      name: "the build of the contracts",
      file,
      args,
      cwd: root,
      output: [log, log],
      graceMs: 0,
    });
    closeSync(log);
    const how = await build.ended;
    if (how !== "exit code 0") {
      throw new DevnetError({
        code: "BUILD_FAILED",
        message: `the contracts could not be compiled (${how}):\n${await tailOf(logFile)}`,
        value: logFile,
        next: "npm run build:abi",
      });
    }
  }
}

/** `npm run build:abi`, without npm. */
function buildCommands(root: string): readonly Command[] {
  const hardhat = join(
    dirname(createRequire(import.meta.url).resolve("hardhat/package.json")),
    "dist/src/cli.js",
  );
  const file = process.execPath;
  return [
    { file, args: [hardhat, "build", "--no-tests", "--quiet"] },
    { file, args: [join(root, "scripts/abi/generate.ts")] },
  ];
}
