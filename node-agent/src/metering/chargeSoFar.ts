import { amountOf, type Prices, storedMiBOf } from "@worker3/sdk";
import type { Counts } from "../ledger/usageTable.ts";

export interface Charge {
  /** In base units. */
  readonly amount: bigint;
  /** Whether the rest of the epoch would be unpaid. */
  readonly reachesCap: boolean;
}

export interface ChargeTerms {
  readonly prices: Prices;
  /** What one seat may charge in one epoch, in base units. */
  readonly cap: bigint;
  /** How long an epoch is: what is stored is averaged over all of it. */
  readonly epochSeconds: number;
}

/** What a project's receipt would cost if its epoch ended now. */
export function chargeSoFar({ prices, cap, epochSeconds }: ChargeTerms, counts: Counts): Charge {
  const usage = {
    requests: BigInt(counts.requests),
    cpuMs: BigInt(counts.cpuMs),
    egressKiB: BigInt(counts.egressBytes) / 1024n,
    storedMiB: storedMiBOf(counts.storedByteSeconds, epochSeconds),
  };
  const amount = amountOf(prices, cap, usage);
  return { amount, reachesCap: amount >= cap };
}
