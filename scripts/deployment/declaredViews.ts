import { contractTable, deployedContracts, namingViews, recordOf } from "@worker3/sdk";
import { zeroAddress } from "viem";
import { type ContractName, contractNames } from "./contracts.ts";
import type { Declared } from "./declare.ts";
import type { Build } from "./readBuild.ts";

/** A view and what it has to answer. */
export interface DeclaredView {
  readonly contract: ContractName;
  readonly functionName: string;
  readonly args?: readonly unknown[];
  /** In the row's name, instead of the arguments. */
  readonly argsText?: string;
  /** As text; for a struct, its fields. */
  readonly expected: string | Readonly<Record<string, string>>;
}

/** Later than every list of prices. */
const LAST_EPOCH = 0xffff_ffff;

/** What cannot be seen in the code: who is bound to whom, and parameters, which the admin may change. */
export function declaredViews(declared: Declared, build: Build, currentEpoch: number): DeclaredView[] {
  return [...bindings(declared, build), ...changeable(declared, currentEpoch)];
}

/** The views by which contracts name each other. */
function bindings({ contracts, asset }: Declared, build: Build): DeclaredView[] {
  const addresses = { asset, ...recordOf(deployedContracts, (key) => contracts[contractTable[key].name]) };
  return contractNames.flatMap((contract) =>
    namingViews(build[contract].abi).map(({ view, names }) => ({
      contract,
      functionName: view,
      expected: addresses[names],
    })),
  );
}

function changeable(declared: Declared, currentEpoch: number): DeclaredView[] {
  const { parameters, feeReceiver, arbiter } = declared;
  const { fromEpoch: _, ...prices } = parameters.prices; // since when they count is not declared
  const expected = Object.fromEntries(Object.entries(prices).map(([name, value]) => [name, String(value)]));
  const settlement = { contract: "UsageSettlement" } as const;
  const pricesAt = { ...settlement, functionName: "pricesAt", expected };
  return [
    { contract: "NodeRegistry", functionName: "minStake", expected: String(parameters.minStake) },
    {
      contract: "NodeRegistry",
      functionName: "seatStakeFactor",
      expected: String(parameters.seatStakeFactor),
    },
    {
      contract: "NodeRegistry",
      functionName: "maxSlashShareBps",
      expected: String(parameters.maxSlashShareBps),
    },
    { contract: "ProjectRegistry", functionName: "maxCap", expected: String(parameters.maxCap) },
    { contract: "CreditEscrow", functionName: "feeReceiver", expected: feeReceiver },
    {
      ...settlement,
      functionName: "parameters",
      expected: {
        minBond: String(parameters.minBond),
        maxSlash: String(parameters.maxSlash),
        slashFloor: String(parameters.slashFloor),
        slashFactor: String(parameters.slashFactor),
        rewardFactor: String(parameters.rewardFactor),
        arbiter,
      },
    },
    { ...settlement, functionName: "successor", expected: zeroAddress },
    { ...pricesAt, args: [currentEpoch], argsText: "now" },
    { ...pricesAt, args: [LAST_EPOCH], argsText: "announced" },
  ];
}
