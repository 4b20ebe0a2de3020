import type { Address } from "viem";
import type { Times } from "../protocol/times.ts";

/** Where the contracts of a network are. */
export interface NetworkContracts {
  /** The one asset: an ERC-20 with 6 decimals. */
  readonly asset: Address;
  readonly nodeRegistry: Address;
  readonly projectRegistry: Address;
  readonly creditEscrow: Address;
  readonly usageSettlement: Address;
  readonly accessManager?: Address | undefined;
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
