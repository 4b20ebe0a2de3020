import type { Address } from "viem";
import type { ContractKey, contractTable, OptionalContract, RequiredContract } from "../contracts/table.ts";
import type { Times } from "../protocol/times.ts";

type Table = typeof contractTable;
type RequiredAddresses = { readonly [key in keyof Pick<Table, RequiredContract>]: Address };
type OptionalAddresses = { readonly [key in keyof Pick<Table, OptionalContract>]?: Address | undefined };

/** Where the contracts of a network are. */
export interface NetworkContracts extends RequiredAddresses, OptionalAddresses {
  /** A Multicall3, where the chain has one: many reads then share a call. */
  readonly multicall3?: Address | undefined;
}

/** A worker3 network: a chain, the contracts on it, and what is fixed in them. */
export interface Network {
  readonly chainId: number;
  /** At least one; http(s) or ws(s). */
  readonly rpcUrls: readonly [string, ...string[]];
  /** The network's own domain. */
  readonly zone: string;
  readonly contracts: NetworkContracts;
  /** No log of the contracts is older. */
  readonly deploymentBlock: bigint;
  readonly times: Times;
}

/** Where some contracts are, in their order; without those that the network file leaves out. */
export function addressesOf<key extends ContractKey>(
  contracts: NetworkContracts,
  keys: readonly key[],
): [key: key, address: Address][] {
  const all: Partial<Record<ContractKey, Address | undefined>> = contracts;
  return keys.flatMap((key): [key, Address][] => {
    const address = all[key];
    return address === undefined ? [] : [[key, address]];
  });
}
