import type { Prices } from "../../protocol/prices.ts";

/** Prices as viem knows them: its integers up to 48 bits are numbers. */
export interface PriceList {
  readonly fromEpoch: number;
  readonly feeBps: number;
  readonly included: number;
  readonly base: number;
  readonly perMRequests: number;
  readonly perMCpuMs: number;
  readonly perGiB: number;
}

/** Prices on their way to the contract. */
export function priceList(prices: Prices): PriceList {
  return {
    fromEpoch: prices.fromEpoch,
    feeBps: prices.feeBps,
    included: Number(prices.included),
    base: Number(prices.base),
    perMRequests: Number(prices.perMRequests),
    perMCpuMs: Number(prices.perMCpuMs),
    perGiB: Number(prices.perGiB),
  };
}

/** Prices as they come from the contract. */
export function pricesFrom(list: PriceList): Prices {
  return {
    fromEpoch: list.fromEpoch,
    feeBps: list.feeBps,
    included: BigInt(list.included),
    base: BigInt(list.base),
    perMRequests: BigInt(list.perMRequests),
    perMCpuMs: BigInt(list.perMCpuMs),
    perGiB: BigInt(list.perGiB),
  };
}
