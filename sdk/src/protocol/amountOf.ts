import type { Prices } from "./prices.ts";

/** What was used in one epoch by one project on one node. */
export interface Usage {
  readonly requests: bigint;
  readonly cpuMs: bigint;
  readonly egressKiB: bigint;
}

/**
 * The price of a receipt, in base units:
 * `min(cap, base + (max(0, requests - included) * perMRequests + cpuMs * perMCpuMs) / 1e6 + egressKiB * perGiB / 2^20)`.
 * Every division floors: rounding is against the node.
 *
 * Source: `Price.amountOf` in contracts/libraries/Price.sol, equal to the unit.
 *
 * @param cap What one seat may charge in one epoch, in base units.
 */
export function amountOf(prices: Prices, cap: bigint, usage: Usage): bigint {
  const beyond = usage.requests > prices.included ? usage.requests - prices.included : 0n;
  const amount =
    prices.base +
    (beyond * prices.perMRequests + usage.cpuMs * prices.perMCpuMs) / 1_000_000n +
    ((usage.egressKiB * prices.perGiB) >> 20n);
  return amount > cap ? cap : amount;
}
