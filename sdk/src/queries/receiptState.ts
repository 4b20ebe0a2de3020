import type * as settlement from "../contracts/settlement/index.ts";
import type { Times } from "../protocol/times.ts";
import { usageWindow } from "../protocol/usageWindow.ts";

/** What became of usage, in the words of the command. */
export type UsageState =
  /** The epoch runs, or its receipt may still come. */
  | "open"
  /** Counted; may be released or disputed. */
  | "pending"
  | "released"
  | "disputed"
  /** The dispute was the owner's: the amount is credit again. */
  | "refunded"
  /** The node's to take. */
  | "claimable"
  | "claimed"
  /** Refused by the chain, and too late now: the node gets nothing for it. */
  | "skipped";

/** What the chain knows of a counted receipt. */
export interface ReceiptFacts {
  readonly epoch: number;
  /** The epoch of the newest block. */
  readonly now: number;
  readonly status: settlement.Status;
  /** Of a settled dispute: whether the arbiter found the node guilty. */
  readonly guilty: boolean;
  /** What the node's bucket of the epoch still holds, in base units. */
  readonly bucket: bigint;
}

/** The state of a counted receipt. */
export function receiptState(times: Times, { epoch, now, status, guilty, bucket }: ReceiptFacts): UsageState {
  switch (status) {
    case "Released":
      return "released";
    case "Disputed":
      return "disputed";
    case "Settled":
      return guilty ? "refunded" : "claimable";
    case "Untouched":
      if (now < usageWindow(times, epoch).firstClaim) return "pending";
      return bucket === 0n ? "claimed" : "claimable";
  }
}
