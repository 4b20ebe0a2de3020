import type { Prices } from "./prices.ts";

/** What was used in one epoch by one project on one node. */
export interface Usage {
  readonly requests: bigint;
  readonly cpuMs: bigint;
  /** Bytes of response bodies, in units of 1024. */
  readonly egressKiB: bigint;
  /** Bytes that the seat had to hold, averaged over the epoch, in units of 2^20. */
  readonly storedMiB: bigint;
}

/**
 * The price of a receipt, in base units:
 * `min(cap, base + (max(0, requests - included) * perMRequests + cpuMs * perMCpuMs) / 1e6 + egressKiB * perGiB / 2^20
 * + storedMiB * perGiBStored / 2^10)`.
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
    ((usage.egressKiB * prices.perGiB) >> 20n) +
    ((usage.storedMiB * prices.perGiBStored) >> 10n);
  return amount > cap ? cap : amount;
}
