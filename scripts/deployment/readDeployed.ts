import type { NetworkClient } from "@worker3/sdk";
import { constructorArgumentsOf } from "./compareCreation.ts";
import { networkKeys } from "./contracts.ts";
import { DeploymentError } from "./DeploymentError.ts";
import type { ContractBuild } from "./readBuild.ts";
import { readCreation } from "./readCreation.ts";
import type { DeployedContract } from "./verificationOf.ts";

/**
 * Where a contract is deployed, and with which constructor arguments: those of the transaction that created it, since what
 * is declared may have changed since.
 *
 * @throws {DeploymentError} `NO_ACCESS_MANAGER`, `CREATION_UNKNOWN`, `OTHER_CODE`. {RpcError} The chain cannot be asked.
 */
export async function readDeployed(client: NetworkClient, build: ContractBuild): Promise<DeployedContract> {
  const { chainId, contracts } = client.network;
  const address = contracts[networkKeys[build.name]];
  if (address === undefined) {
    throw new DeploymentError({
      code: "NO_ACCESS_MANAGER",
      message: "The network file does not name the access manager.",
      value: "contracts.accessManager",
      next: "take the network file from where the contracts were deployed",
    });
  }
  const creation = await readCreation(client, build.name, address);
  if ("unknown" in creation) {
    throw new DeploymentError({
      code: "CREATION_UNKNOWN",
      message: `How ${build.name} was created cannot be told: ${creation.unknown}.`,
      value: address,
      next: "check the network file's addresses and deploymentBlock, or name an RPC that keeps old transactions",
    });
  }
  const encoded = constructorArgumentsOf(build.creationCode, creation);
  if (encoded === undefined) {
    throw new DeploymentError({
      code: "OTHER_CODE",
      message: `${build.name} was created by other code than this build's.`,
      value: address,
      next: "check out the commit that was deployed, and build it: npm run build:contracts",
    });
  }
  return { chainId, address, constructorArguments: encoded.slice(2) };
}
