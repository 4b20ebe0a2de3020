import type { Usage } from "../protocol/amountOf.ts";

/**
 * What one node says it served for one project in one epoch; node and epoch are those of the batch it stands in. Egress
 * is response body bytes, summed over the epoch, then rounded down to KiB; what was stored is averaged over the epoch, then
 * rounded down to MiB. See `RECEIPT_MAX` for what each number can be.
 */
export interface Receipt extends Usage {
  readonly projectId: bigint;
}

/** A counted receipt and what it was charged, in base units. */
export interface Line extends Receipt {
  readonly amount: bigint;
}

/** The greatest number of each kind that a receipt can tell. */
export const RECEIPT_MAX: Readonly<Record<keyof Receipt, bigint>> = {
  projectId: (1n << 64n) - 1n,
  requests: (1n << 56n) - 1n,
  cpuMs: (1n << 48n) - 1n,
  egressKiB: (1n << 48n) - 1n,
  storedMiB: (1n << 40n) - 1n,
};

export const RECEIPT_BYTES = 32;
export const LINE_BYTES = 40;
/** A batch holds no more receipts than this. */
export const MAX_RECEIPTS = 256;
