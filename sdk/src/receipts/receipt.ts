import type { Usage } from "../protocol/amountOf.ts";

/**
 * What one node says it served for one project in one epoch; node and epoch are those of the batch it stands in. Egress
 * is response body bytes, summed over the epoch, then rounded down to KiB.
 */
export interface Receipt extends Usage {
  readonly projectId: bigint;
}

/** A counted receipt and what it was charged, in base units. */
export interface Line extends Receipt {
  readonly amount: bigint;
}

export const RECEIPT_BYTES = 32;
export const LINE_BYTES = 40;
/** A batch holds no more receipts than this. */
export const MAX_RECEIPTS = 256;
