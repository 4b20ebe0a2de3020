import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createNetworkClient, type Network } from "@worker3/sdk";
import { contractNames } from "./contracts.ts";
import type { Build } from "./readBuild.ts";
import { readDeployed } from "./readDeployed.ts";
import { standardInput } from "./standardInput.ts";
import { type Verification, verificationOf } from "./verificationOf.ts";

export interface WriteVerificationParameters {
  readonly build: Build;
  /** Created where it is missing. */
  readonly folder: string;
  /** Of the deployment whose constructor arguments are wanted. */
  readonly network: Network | undefined;
}

/**
 * Writes what Sourcify, Etherscan and Blockscout take: `<Contract>.json`, the compiler's standard JSON input, and
 * `contracts.json`, the rest of what their forms ask for.
 *
 * @throws {DeploymentError} The deployment is none of this build. {RpcError} The chain cannot be asked.
 */
export async function writeVerification(parameters: WriteVerificationParameters): Promise<Verification[]> {
  const { build, folder, network } = parameters;
  const client = network === undefined ? undefined : createNetworkClient({ network });
  const verifications = await Promise.all(
    contractNames.map(async (name) =>
      verificationOf(build[name], client && (await readDeployed(client, build[name], build))),
    ),
  );
  await mkdir(folder, { recursive: true });
  for (const { contract, file } of verifications) {
    await writeFile(join(folder, file), `${JSON.stringify(standardInput(build[contract]), undefined, 2)}\n`);
  }
  await writeFile(join(folder, "contracts.json"), `${JSON.stringify(verifications, undefined, 2)}\n`);
  return verifications;
}
