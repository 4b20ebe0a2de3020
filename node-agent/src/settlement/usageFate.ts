import { epochStart } from "@worker3/sdk";
import type { Moment } from "./momentOf.ts";

export interface UsageFateParameters {
  readonly epoch: number;
  readonly moment: Moment;
  /** Everything of it is booked. */
  readonly isClosed: boolean;
  readonly isRetired: boolean;
}

/**
 * What becomes of the usage of an epoch now: it waits, it is written into statements, or nobody will pay it.
 *
 * An epoch is written when it is final and everything of it is in, or when the grace is over: a quarter of an epoch, and
 * two minutes at most, for an edge process that hangs must not cost the whole node its pay.
 */
export function usageFate({
  epoch,
  moment,
  isClosed,
  isRetired,
}: UsageFateParameters): "wait" | "write" | "retired" | "late" {
  const { times, headSeconds, headEpoch, finalEpoch } = moment;
  if (finalEpoch > epoch + times.late) return "late";
  if (finalEpoch <= epoch || headEpoch > epoch + times.late) return "wait";
  if (isRetired) return "retired";
  const graceSeconds = Math.min(times.epochSeconds / 4, 120);
  const isGraceOver = headSeconds >= epochStart(times, epoch + 1) + graceSeconds;
  return isClosed || isGraceOver ? "write" : "wait";
}
