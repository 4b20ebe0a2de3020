/**
 * What a receipt costs from an epoch on. Amounts in base units of the asset (6 decimals).
 *
 * Source: `PriceList` in contracts/libraries/Price.sol.
 */
export interface Prices {
  /** The first epoch with these prices. */
  readonly fromEpoch: number;
  /** The network's share of what a node is paid, in 1/10000; at most 2000. */
  readonly feeBps: number;
  /** Requests that `base` pays for. */
  readonly included: bigint;
  /** For each receipt. */
  readonly base: bigint;
  /** For a million requests beyond `included`. */
  readonly perMRequests: bigint;
  /** For a million milliseconds of CPU. */
  readonly perMCpuMs: bigint;
  /** For 2^30 bytes of response bodies. */
  readonly perGiB: bigint;
  /** For 2^30 bytes that a seat has to hold, through one epoch. */
  readonly perGiBStored: bigint;
}
