import { amountOf, type Prices } from "@worker3/sdk";
import type { Counts } from "../ledger/usageTable.ts";

export interface Charge {
  /** In base units. */
  readonly amount: bigint;
  /** Whether the rest of the epoch would be unpaid. */
  readonly reachesCap: boolean;
}

/**
 * What a project's receipt would cost if its epoch ended now.
 *
 * @param cap What one seat may charge in one epoch, in base units.
 */
export function chargeSoFar(prices: Prices, cap: bigint, { requests, cpuMs, egressBytes }: Counts): Charge {
  const usage = {
    requests: BigInt(requests),
    cpuMs: BigInt(cpuMs),
    egressKiB: BigInt(egressBytes) / 1024n,
  };
  const amount = amountOf(prices, cap, usage);
  return { amount, reachesCap: amount >= cap };
}
