import { usageSettlement } from "../../abi/contracts.ts";
import type { Prices } from "../../protocol/prices.ts";
import type { Times } from "../../protocol/times.ts";
import { defineView } from "../define.ts";

/**
 * The epoch of the newest block, or of the block that is asked.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const currentEpoch = /* @__PURE__ */ defineView({
  contract: usageSettlement,
  functionName: "currentEpoch",
});

/**
 * The time line, as fixed in the contracts.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const times = /* @__PURE__ */ defineView({
  contract: usageSettlement,
  functionName: "times",
  result: (times): Times => times,
});

/** Prices as viem knows them: its integers up to 48 bits are numbers. */
export interface PriceList {
  readonly fromEpoch: number;
  readonly feeBps: number;
  readonly included: number;
  readonly base: number;
  readonly perMRequests: number;
  readonly perMCpuMs: number;
  readonly perGiB: number;
  readonly perGiBStored: number;
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
    perGiBStored: Number(prices.perGiBStored),
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
    perGiBStored: BigInt(list.perGiBStored),
  };
}

/**
 * The prices of an epoch: for those whose receipts may still come, and for those ahead.
 *
 * @throws `PRICES_FORGOTTEN` for an older one, or that the chain cannot be asked.
 */
export const pricesAt = /* @__PURE__ */ defineView({
  contract: usageSettlement,
  functionName: "pricesAt",
  args: ({ epoch }: { readonly epoch: number }) => [epoch],
  result: pricesFrom,
});
