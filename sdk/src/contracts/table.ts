import type { Abi } from "viem";

/** What everything else has to know of a contract. */
export interface ContractEntry {
  /** In Solidity, and in the names of its ABI and its bytecode. */
  readonly name: string;
  /** The source file, as Hardhat names its artifacts. */
  readonly source: string;
  /**
   * What the other contracts call it: `nodes` as an argument of a constructor, `NODES` as an immutable. Where it is also
   * the name of a view, as `settlement()` is, that view answers with its address. In the sdk it is the namespace of the
   * calls, from the chapter `nodes.ts` or the folder `nodes/` beside this file.
   */
  readonly alias: string;
  /**
   * `own`: written here. `library`: deployed with ours, as OpenZeppelin wrote it; no program of ours calls it, so that
   * its ABI is in none. `elsewhere`: there before the network; ours is a stand-in for devnets and tests.
   */
  readonly origin: "own" | "library" | "elsewhere";
  /** The contract whose constructor makes it, by its name in a network file; absent where the deployer does. */
  readonly madeBy?: string;
  /** Whether its logs are facts, which programs read in the order of the chain. */
  readonly writesFacts: boolean;
  /** Whether a network file has to say where it is. */
  readonly required: boolean;
}

/**
 * The contracts of a network by their names in a network file, in the order in which they are deployed. This is the only
 * list of them. From it follow `src/abi` (by `npm run build:abi`), network files and what is checked of them, facts,
 * errors, the devnet, test networks, the checks of a deployment and of sizes and storage.
 */
export const contractTable = {
  /** The one asset: an ERC-20 with 6 decimals. */
  asset: {
    name: "MockUSD",
    source: "contracts/mocks/MockUSD.sol",
    alias: "asset",
    origin: "elsewhere",
    writesFacts: false,
    required: true,
  },
  /** Says who holds which role. */
  accessManager: {
    name: "AccessManager",
    source: "@openzeppelin/contracts/access/manager/AccessManager.sol",
    alias: "authority",
    origin: "library",
    writesFacts: false,
    required: false,
  },
  nodeRegistry: {
    name: "NodeRegistry",
    source: "contracts/NodeRegistry.sol",
    alias: "nodes",
    origin: "own",
    writesFacts: true,
    required: true,
  },
  projectRegistry: {
    name: "ProjectRegistry",
    source: "contracts/ProjectRegistry.sol",
    alias: "projects",
    origin: "own",
    writesFacts: true,
    required: true,
  },
  nameRegistry: {
    name: "NameRegistry",
    source: "contracts/NameRegistry.sol",
    alias: "names",
    origin: "own",
    madeBy: "projectRegistry",
    writesFacts: true,
    required: true,
  },
  creditEscrow: {
    name: "CreditEscrow",
    source: "contracts/CreditEscrow.sol",
    alias: "escrow",
    origin: "own",
    writesFacts: true,
    required: true,
  },
  usageSettlement: {
    name: "UsageSettlement",
    source: "contracts/UsageSettlement.sol",
    alias: "settlement",
    origin: "own",
    writesFacts: true,
    required: true,
  },
  /** Views for people; replaceable. */
  lens: {
    name: "Lens",
    source: "contracts/Lens.sol",
    alias: "lens",
    origin: "own",
    writesFacts: false,
    required: true,
  },
} as const satisfies Readonly<Record<string, ContractEntry>>;

type Table = typeof contractTable;

/** A contract's name in a network file. */
export type ContractKey = keyof Table;

/** The contracts whose entry has these fields. */
type KeysWith<fields extends Partial<ContractEntry>> = {
  [key in ContractKey]: Table[key] extends fields ? key : never;
}[ContractKey];

/** The contract whose constructor makes another; undefined for those that the deployer creates. */
export function makerOf(key: ContractKey): ContractKey | undefined {
  const entry: ContractEntry = contractTable[key];
  return contractKeys.find((maker) => maker === entry.madeBy);
}

/** All of them. */
export const contractKeys = Object.keys(contractTable) as readonly ContractKey[];

/** Those that a network file has to name. */
export type RequiredContract = KeysWith<{ readonly required: true }>;
export const requiredContracts = /* @__PURE__ */ contractKeys.filter(
  (key): key is RequiredContract => contractTable[key].required,
);

/** Those that a network file may leave out. */
export type OptionalContract = Exclude<ContractKey, RequiredContract>;
export const optionalContracts = /* @__PURE__ */ contractKeys.filter(
  (key): key is OptionalContract => !contractTable[key].required,
);

/** Those whose logs are facts. */
export type FactContract = KeysWith<{ readonly writesFacts: true }>;
export const factContracts = /* @__PURE__ */ contractKeys.filter(
  (key): key is FactContract => contractTable[key].writesFacts,
);

/** Those that programs call. */
export type CalledContract = KeysWith<{ readonly origin: "own" | "elsewhere" }>;
export const calledContracts = /* @__PURE__ */ contractKeys.filter(
  (key): key is CalledContract => contractTable[key].origin !== "library",
);

/** Those that a deployment creates. */
export type DeployedContract = KeysWith<{ readonly origin: "own" | "library" }>;
export const deployedContracts = /* @__PURE__ */ contractKeys.filter(
  (key): key is DeployedContract => contractTable[key].origin !== "elsewhere",
);

/** Those that are written here. */
export type OwnContract = KeysWith<{ readonly origin: "own" }>;
export const ownContracts = /* @__PURE__ */ contractKeys.filter(
  (key): key is OwnContract => contractTable[key].origin === "own",
);

/** One value for each of some contracts. */
export function recordOf<key extends ContractKey, value>(
  keys: readonly key[],
  of: (key: key) => value,
): Record<key, value> {
  return Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<key, value>;
}

/** A view of a contract that answers with the address of another one. */
export interface NamingView {
  readonly view: string;
  readonly names: ContractKey;
}

/** The views of a contract that are named like another contract, by its key or by its alias. */
export function namingViews(abi: Abi): NamingView[] {
  return abi.flatMap((item) => {
    if (item.type !== "function" || item.inputs.length > 0 || item.outputs[0]?.type !== "address") return [];
    const names = contractKeys.find((key) => item.name === key || item.name === contractTable[key].alias);
    return names === undefined ? [] : [{ view: item.name, names }];
  });
}
