import { contractTable, type DeployedContract, deployedContracts } from "@worker3/sdk";

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
