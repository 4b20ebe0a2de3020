import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { contractsStamp } from "./contractsStamp.ts";
import type { Processes } from "./createProcesses.ts";
import { DevnetError } from "./DevnetError.ts";
import { tailOf } from "./tailOf.ts";

export interface BuildContractsParameters {
  readonly processes: Processes;
  readonly root: string;
  readonly stateDirectory: string;
  /** Called if there is something to do, which takes about a minute. */
  readonly onBuild: () => void;
}

/** Compiles the contracts, unless that was done. */
export async function buildContracts(parameters: BuildContractsParameters): Promise<void> {
  const { processes, root, stateDirectory, onBuild } = parameters;
  const stampFile = join(root, "cache", "devnet.stamp");
  const known = await readFile(stampFile, "utf8").catch(() => "");
  if (known === (await contractsStamp(root))) return;

  onBuild();
  const logFile = join(stateDirectory, "build.log");
  const log = openSync(logFile, "a");
  const build = processes.start({
    name: "hardhat build",
    file: process.execPath,
    args: [hardhatPath(), "build", "--no-tests", "--quiet"],
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
      next: "npx hardhat build",
    });
  }
  await mkdir(dirname(stampFile), { recursive: true });
  await writeFile(stampFile, await contractsStamp(root));
}

function hardhatPath(): string {
  return join(dirname(createRequire(import.meta.url).resolve("hardhat/package.json")), "dist/src/cli.js");
}
