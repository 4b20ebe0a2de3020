import type { Address } from "viem";
import type { ContractName } from "./contracts.ts";
import type { Declared } from "./declare.ts";

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
export function declaredViews(declared: Declared, currentEpoch: number): DeclaredView[] {
  return [...bindings(declared), ...changeable(declared, currentEpoch)];
}

function bindings({ contracts, asset }: Declared): DeclaredView[] {
  const { AccessManager, NodeRegistry, ProjectRegistry, CreditEscrow, UsageSettlement } = contracts;
  const names = (contract: ContractName, functionName: string, expected: Address): DeclaredView => ({
    contract,
    functionName,
    expected,
  });
  return [
    names("NodeRegistry", "authority", AccessManager),
    names("ProjectRegistry", "authority", AccessManager),
    names("CreditEscrow", "authority", AccessManager),
    names("UsageSettlement", "authority", AccessManager),
    names("NodeRegistry", "settlement", UsageSettlement),
    names("ProjectRegistry", "settlement", UsageSettlement),
    names("CreditEscrow", "settlement", UsageSettlement),
    names("UsageSettlement", "nodeRegistry", NodeRegistry),
    names("UsageSettlement", "projectRegistry", ProjectRegistry),
    names("UsageSettlement", "creditEscrow", CreditEscrow),
    names("NodeRegistry", "asset", asset),
    names("CreditEscrow", "asset", asset),
  ];
}

function changeable(declared: Declared, currentEpoch: number): DeclaredView[] {
  const { parameters, feeReceiver, arbiter } = declared;
  const { fromEpoch: _, ...prices } = parameters.prices; // since when they count is not declared
  const expected = Object.fromEntries(Object.entries(prices).map(([name, value]) => [name, String(value)]));
  const settlement = { contract: "UsageSettlement" } as const;
  const pricesAt = { ...settlement, functionName: "pricesAt", expected };
  return [
    { contract: "NodeRegistry", functionName: "minStake", expected: String(parameters.minStake) },
    { contract: "ProjectRegistry", functionName: "maxCap", expected: String(parameters.maxCap) },
    { contract: "CreditEscrow", functionName: "feeReceiver", expected: feeReceiver },
    { ...settlement, functionName: "minBond", expected: String(parameters.minBond) },
    { ...settlement, functionName: "maxSlash", expected: String(parameters.maxSlash) },
    { ...settlement, functionName: "arbiter", expected: arbiter },
    { ...pricesAt, args: [currentEpoch], argsText: "now" },
    { ...pricesAt, args: [LAST_EPOCH], argsText: "announced" },
  ];
}
