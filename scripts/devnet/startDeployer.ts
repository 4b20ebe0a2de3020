import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { NetworkFile } from "../../ignition/deployWorker3.ts";
import type { Processes } from "./createProcesses.ts";
import { DevnetError } from "./DevnetError.ts";
import { untilEither } from "./untilEither.ts";

export interface DeployRequest {
  readonly rpcUrl: string;
  readonly parametersFile: string;
  readonly epochSeconds: number;
  /** Gets the parameters that were deployed: `npm run check:deployment` compares the chain with them. */
  readonly declarationFile: string;
}

export type DeployAnswer = { readonly network: NetworkFile } | { readonly error: string };

export interface StartDeployerParameters {
  readonly processes: Processes;
  readonly root: string;
  readonly stateDirectory: string;
  readonly signal: AbortSignal;
}

/** Deploys the contracts of a network, once. */
export type Deploy = (request: DeployRequest) => Promise<NetworkFile>;

const DEPLOY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 2_000;

/** Starts the process that deploys, which loads for two seconds; the chain has to be there only when it is asked. */
export function startDeployer(parameters: StartDeployerParameters): Deploy {
  const { processes, root, stateDirectory, signal } = parameters;
  const logFile = join(stateDirectory, "deploy.log");
  const log = openSync(logFile, "a");
  const own = processes.start({
    name: "the deployment of the contracts",
    file: process.execPath,
    args: ["--conditions=source", join(import.meta.dirname, "deployer.ts")],
    cwd: root, // where Hardhat looks for its configuration
    output: [log, log, "ipc"],
    graceMs: STOP_TIMEOUT_MS,
  });
  closeSync(log);
  return async (request) => {
    const answered = new Promise<DeployAnswer>((resolve) => own.child.once("message", resolve));
    own.child.send(request);
    const next = `look into ${logFile}`;
    const answer = await untilEither(answered, { process: own, timeoutMs: DEPLOY_TIMEOUT_MS, signal, next });
    if ("network" in answer) return answer.network;
    throw new DevnetError({
      code: "NOT_DEPLOYED",
      message: `the contracts could not be deployed: ${answer.error}`,
      value: request.rpcUrl,
      next,
    });
  };
}
