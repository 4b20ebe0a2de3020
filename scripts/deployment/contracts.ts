import {
  addressesOf,
  contractTable,
  type DeployedContract,
  deployedContracts,
  makerOf,
  type Network,
} from "@worker3/sdk";
import { type Abi, type Address, getContractAddress } from "viem";
import { DeploymentError } from "./DeploymentError.ts";

/** A contract of a deployment by its name in Solidity. */
export type ContractName = (typeof contractTable)[DeployedContract]["name"];

/** What a deployment consists of, in the order in which it is created. */
export const contractNames: readonly ContractName[] = deployedContracts.map((key) => contractTable[key].name);

/** One value for each contract. */
export function eachContract<T>(
  of: (name: ContractName, key: DeployedContract) => T,
): Record<ContractName, T> {
  const entries = deployedContracts.map((key) => [contractTable[key].name, of(contractTable[key].name, key)]);
  return Object.fromEntries(entries) as Record<ContractName, T>;
}

/** The contracts' names in a network file. */
export const networkKeys = eachContract((_, key) => key);

/**
 * Where a contract of a deployment is.
 *
 * @throws {DeploymentError} `NO_ACCESS_MANAGER`, `NO_CONTRACT`: the network file does not name it.
 */
export function addressIn({ contracts }: Pick<Network, "contracts">, key: DeployedContract): Address {
  const [found] = addressesOf(contracts, [key]);
  if (found !== undefined) return found[1];
  const next = "take the network file from where the contracts were deployed";
  if (key === "accessManager") {
    throw new DeploymentError({
      code: "NO_ACCESS_MANAGER",
      message:
        "The network file does not name the access manager, and without it nobody knows who holds which role.",
      value: "contracts.accessManager",
      next,
    });
  }
  throw new DeploymentError({
    code: "NO_CONTRACT",
    message: `The network file does not name ${contractTable[key].name}, which this build deploys.`,
    value: `contracts.${key}`,
    next,
  });
}

/** The contract whose constructor makes another; undefined where the deployer creates it. */
export function makerNameOf(name: ContractName): ContractName | undefined {
  const maker = makerOf(networkKeys[name]);
  return contractNames.find((other) => networkKeys[other] === maker);
}

/** Where the first contract is that another one's constructor makes: a contract counts from 1 (EIP-161). */
export function madeAddress(maker: Address): Address {
  return getContractAddress({ from: maker, nonce: 1n });
}

/**
 * Whether a contract only answers. Then no event tells how it was created, and nothing depends on it: what another
 * constructor could have left in its storage, it would have to read, and its code, which is compared, reads none.
 */
export function isOfViews(abi: Abi): boolean {
  return abi.every((item) =>
    item.type === "function" ? /^(view|pure)$/.test(item.stateMutability) : item.type !== "event",
  );
}
