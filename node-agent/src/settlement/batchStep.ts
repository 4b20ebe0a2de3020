import type { CountedBatch } from "../chain/view/SettlementView.ts";
import type { OutboxState } from "../ledger/outboxTable.ts";
import type { Moment } from "./momentOf.ts";

export interface BatchStepParameters {
  readonly epoch: number;
  readonly moment: Moment;
  /** What the chain says of it; undefined where it says nothing. */
  readonly counted: Pick<CountedBatch, "isFinal"> | undefined;
  /** Its transaction; undefined where there is none yet. */
  readonly transaction: { readonly state: OutboxState; readonly changedMs: number } | undefined;
  /** It may go out together with other batches: that its transaction was mined says nothing of it. */
  readonly isShared: boolean;
  readonly isRetired: boolean;
  /** When submissions are possible again, Unix seconds. */
  readonly pausedUntil: number;
  /** Unix milliseconds. */
  readonly nowMs: number;
}

/**
 * What to do about an open batch now: `close` it when the chain's word about it is final, `send` it for the first time,
 * try it `again` after its transaction failed, `alone` where that of several failed or did not count it, or wait.
 *
 * The chain's word about a final transaction is here: the facts of final blocks are booked before they are final here.
 */
export function batchStep(parameters: BatchStepParameters): "wait" | "send" | "again" | "alone" | "close" {
  const { epoch, moment, counted, transaction, isShared, isRetired, pausedUntil, nowMs } = parameters;
  const { times, headSeconds, headEpoch, finalEpoch } = moment;
  if (counted?.isFinal || finalEpoch > epoch + times.late) return "close";
  if (counted !== undefined || isRetired) return "wait";
  if (headEpoch > epoch + times.late || headSeconds < pausedUntil) return "wait";
  if (transaction === undefined) return "send";
  if (isShared) return transaction.state === "failed" || transaction.state === "final" ? "alone" : "wait";
  const isRested = nowMs - transaction.changedMs >= restMs(times.epochSeconds);
  return transaction.state === "failed" && isRested ? "again" : "wait";
}

/** How long a transaction that failed is left alone: an hour on a network whose epochs are days. */
export function restMs(epochSeconds: number): number {
  return Math.max(1_000, (epochSeconds * 1_000) / 24);
}
