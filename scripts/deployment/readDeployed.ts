import { addressesOf, contractKeys, contractTable, type Network, type NetworkClient } from "@worker3/sdk";
import { type AbiParameter, type Address, decodeAbiParameters, encodeAbiParameters, type Hex } from "viem";
import { constructorArgumentsOf } from "./compareCreation.ts";
import { addressIn, isOfViews, madeAddress, makerNameOf, networkKeys } from "./contracts.ts";
import { DeploymentError } from "./DeploymentError.ts";
import type { Build, ContractBuild } from "./readBuild.ts";
import { readCreation } from "./readCreation.ts";
import type { DeployedContract } from "./verificationOf.ts";

/**
 * Where a contract is deployed, and with which constructor arguments: those of the transaction that created it, since what
 * is declared may have changed since.
 *
 * @throws {DeploymentError} `NO_ACCESS_MANAGER`, `NO_CONTRACT`, `CREATION_UNKNOWN`, `OTHER_CODE`. {RpcError} The chain cannot be asked.
 */
export async function readDeployed(
  client: NetworkClient,
  build: ContractBuild,
  builds: Build,
): Promise<DeployedContract> {
  const { network } = client;
  const { chainId } = network;
  const address = addressIn(network, networkKeys[build.name]);
  if (isOfViews(build.abi)) {
    return { chainId, address, constructorArguments: declaredArguments(network, build).slice(2) };
  }
  const maker = makerNameOf(build.name);
  if (maker !== undefined) {
    const made = await readDeployed(client, builds[maker], builds);
    if (address !== madeAddress(made.address)) throw otherCode(build.name, address);
    const encoded = madeArguments(network, build, {
      maker: builds[maker],
      encoded: `0x${made.constructorArguments}`,
    });
    return { chainId, address, constructorArguments: encoded.slice(2) };
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
  if (encoded === undefined) throw otherCode(build.name, address);
  return { chainId, address, constructorArguments: encoded.slice(2) };
}

/** What the constructor of a contract of views took: the contracts that it asks. */
function declaredArguments({ contracts }: Network, { name, abi }: ContractBuild): Hex {
  const aliases = new Map<string, Address>(
    addressesOf(contracts, contractKeys).map(([key, address]) => [contractTable[key].alias, address]),
  );
  const inputs = constructorInputs({ abi });
  const values = inputs.map((input) => {
    const address = aliases.get((input.name ?? "").replace(/_$/, ""));
    if (address !== undefined) return address;
    throw new DeploymentError({
      code: "CREATION_UNKNOWN",
      message: `What ${name} was created with cannot be told: it writes no event, and ${input.name} is no contract.`,
      value: input.name,
      next: "name the parameter of the constructor by the alias of the contract that it takes",
    });
  });
  return encodeAbiParameters(inputs, values);
}

/**
 * What the constructor of a contract took that another one's constructor makes: the time line, and what that one was given
 * itself, by the type of each.
 */
function madeArguments(
  { times }: Network,
  { name, abi }: ContractBuild,
  given: { readonly maker: ContractBuild; readonly encoded: Hex },
): Hex {
  const makersInputs = constructorInputs(given.maker);
  const makersValues = decodeAbiParameters(makersInputs, given.encoded);
  const inputs = constructorInputs({ abi });
  const values = inputs.map((input) => {
    if (input.internalType === "struct Times") return times;
    const index = makersInputs.findIndex(({ internalType }) => internalType === input.internalType);
    if (index >= 0) return makersValues[index];
    throw new DeploymentError({
      code: "CREATION_UNKNOWN",
      message: `What ${name} was created with cannot be told: ${given.maker.name} was not given its ${input.name}.`,
      value: input.name,
      next: "give the contract that makes it a parameter of the same type",
    });
  });
  return encodeAbiParameters(inputs, values);
}

function constructorInputs({ abi }: Pick<ContractBuild, "abi">): readonly AbiParameter[] {
  return abi.find((item) => item.type === "constructor")?.inputs ?? [];
}

function otherCode(name: string, address: Address): DeploymentError {
  return new DeploymentError({
    code: "OTHER_CODE",
    message: `${name} was created by other code than this build's.`,
    value: address,
    next: "check out the commit that was deployed, and build it: npm run build:contracts",
  });
}
