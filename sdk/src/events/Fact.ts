import type { Abi, Address, ContractEventName, Hash, ParseEventLogsReturnType } from "viem";
import type { contractByKey } from "../abi/contracts.ts";
import type { ReleaseReason } from "../contracts/names/words.ts";
import type { SkipReason } from "../contracts/settlement/batches.ts";
import type { FactContract } from "../contracts/table.ts";
import type { Prices } from "../protocol/prices.ts";
import type { Region } from "../protocol/regions.ts";
import type { Line } from "../receipts/receipt.ts";

/** Where on the chain a fact stands. */
export interface FactPlace {
  readonly address: Address;
  readonly blockNumber: bigint;
  readonly blockHash: Hash;
  readonly txHash: Hash;
  readonly logIndex: number;
}

type RawArgs<abi extends Abi, name extends ContractEventName<abi>> = ParseEventLogsReturnType<
  abi,
  name,
  true
>[number]["args"];

/** The values that have a better form than the chain's; everything else stays as viem decodes it. */
interface Refined<contract> {
  cap: bigint;
  leastCap: bigint;
  maxCap: bigint;
  region: Region;
  regions: readonly Region[];
  prices: Prices;
  lines: readonly Line[];
  /** Of `DomainReleased`, and of `ReceiptSkipped`; the reason of a dispute stays the text that it is. */
  reason: contract extends "nameRegistry" ? ReleaseReason : SkipReason;
}

type RefinedName<name> = name extends "regionMask" ? "regions" : name;

/**
 * The arguments of an event by their names in the contract, but for: `region` is a code and `regionMask` is `regions`,
 * `cap`, `leastCap` and `maxCap` are bigint as all amounts, `prices` and `lines` are decoded, the number `reason` is a name.
 */
export type FactArgs<contract extends FactContract, args> = {
  readonly [name in keyof args as RefinedName<name>]: RefinedName<name> extends keyof Refined<contract>
    ? args[name] extends string
      ? name extends "lines"
        ? readonly Line[]
        : args[name]
      : Refined<contract>[RefinedName<name>]
    : args[name];
};

type FactOf<contract extends FactContract, abi extends Abi> = {
  [name in ContractEventName<abi>]: FactPlace & {
    readonly contract: contract;
    /** The event's name in the contract. */
    readonly kind: name;
    readonly args: FactArgs<contract, RawArgs<abi, name>>;
  };
}[ContractEventName<abi>];

/**
 * One event of one of the contracts whose logs are facts; `contract` and `kind` tell which. In the order of the chain a fact may
 * tell of a project that a later fact of the same transaction creates: `deploy` claims the domain first, so `DomainClaimed` and
 * `TargetSet` of a new project come before its `ProjectCreated`.
 */
export type Fact = {
  [contract in FactContract]: FactOf<contract, (typeof contractByKey)[contract]["abi"]>;
}[FactContract];

/** The facts of one contract and one kind. */
export type FactKind<contract extends FactContract, kind extends Fact["kind"]> = Extract<
  Fact,
  { contract: contract; kind: kind }
>;
