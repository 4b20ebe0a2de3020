import type { NetworkContracts } from "@worker3/sdk";

/** What a deployment consists of, in the order in which it is created. */
export const contractNames = [
  "AccessManager",
  "NodeRegistry",
  "ProjectRegistry",
  "CreditEscrow",
  "UsageSettlement",
] as const;

export type ContractName = (typeof contractNames)[number];

/** The fields of a network file. */
export const networkKeys = {
  AccessManager: "accessManager",
  NodeRegistry: "nodeRegistry",
  ProjectRegistry: "projectRegistry",
  CreditEscrow: "creditEscrow",
  UsageSettlement: "usageSettlement",
} as const satisfies Record<ContractName, keyof NetworkContracts>;

/** The source files, as Hardhat names its artifacts. */
export const sourceFiles: Record<ContractName, string> = {
  AccessManager: "@openzeppelin/contracts/access/manager/AccessManager.sol",
  NodeRegistry: "contracts/NodeRegistry.sol",
  ProjectRegistry: "contracts/ProjectRegistry.sol",
  CreditEscrow: "contracts/CreditEscrow.sol",
  UsageSettlement: "contracts/UsageSettlement.sol",
};

/** One value for each contract. */
export function eachContract<T>(of: (name: ContractName) => T): Record<ContractName, T> {
  return Object.fromEntries(contractNames.map((name) => [name, of(name)])) as Record<ContractName, T>;
}
