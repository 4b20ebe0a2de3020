import type { Address } from "viem";
import type { ContractName } from "./contracts.ts";
import type { ContractBuild } from "./readBuild.ts";

/** What an explorer asks for besides the standard JSON input. */
export interface Verification {
  readonly contract: ContractName;
  /** The input, in the same folder. */
  readonly file: string;
  /** Source and contract: `project/contracts/NodeRegistry.sol:NodeRegistry`. */
  readonly contractName: string;
  /** `v0.8.37+commit.f401782d` */
  readonly compilerVersion: string;
  /** Absent where no network is named. */
  readonly deployed?: DeployedContract;
}

export interface DeployedContract {
  readonly chainId: number;
  readonly address: Address;
  /** ABI-encoded, without `0x`: as explorers take it. */
  readonly constructorArguments: string;
}

/** What explorers ask for about a contract of the build. */
export function verificationOf(
  { name, sourceName, compilerVersion }: ContractBuild,
  deployed: DeployedContract | undefined,
): Verification {
  return {
    contract: name,
    file: `${name}.json`,
    contractName: `${sourceName}:${name}`,
    compilerVersion: `v${compilerVersion}`,
    ...(deployed === undefined ? {} : { deployed }),
  };
}
