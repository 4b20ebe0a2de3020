import type { Receipt } from "../receipts/receipt.ts";
import { amountOf } from "./amountOf.ts";
import type { Prices } from "./prices.ts";
import { isSeatCounted } from "./ring.ts";
import { capOf, seatOf } from "./terms.ts";

/** What the chain knows about a project when a batch comes. */
export interface ChargedProject {
  /** The terms word of the batch's epoch; 0 where the project has none. */
  readonly terms: bigint;
  readonly ring: bigint;
  /** The credit, including what thaws, in base units. */
  readonly balance: bigint;
}

export interface CountBatchParameters {
  readonly nodeId: number;
  readonly epoch: number;
  /** Those of the epoch. */
  readonly prices: Prices;
  readonly receipts: readonly Receipt[];
  readonly projectOf: (projectId: bigint) => ChargedProject;
}

/** What becomes of a receipt: it is charged an amount in base units, or skipped for a reason. */
export type ReceiptOutcome =
  | { readonly receipt: Receipt; readonly amount: bigint; readonly skipped?: undefined }
  | {
      readonly receipt: Receipt;
      readonly amount?: undefined;
      readonly skipped: "NoSeat" | "AlreadyCounted" | "TooLittleCredit";
    };

/**
 * What the settlement does with each receipt of a batch, in order. A project's second receipt in one batch is
 * `AlreadyCounted` also where the first met too little credit.
 *
 * Source: `_count` in contracts/settlement/ReceiptCounting.sol.
 */
export function countBatch({
  nodeId,
  epoch,
  prices,
  receipts,
  projectOf,
}: CountBatchParameters): ReceiptOutcome[] {
  const seen = new Set<bigint>();
  return receipts.map((receipt) => {
    const { terms, ring, balance } = projectOf(receipt.projectId);
    const seat = seatOf(terms, nodeId);
    if (seat === undefined) return { receipt, skipped: "NoSeat" };
    if (seen.has(receipt.projectId) || isSeatCounted(ring, epoch, seat))
      return { receipt, skipped: "AlreadyCounted" };
    seen.add(receipt.projectId);
    const amount = amountOf(prices, capOf(terms), receipt);
    return amount > balance ? { receipt, skipped: "TooLittleCredit" } : { receipt, amount };
  });
}
