import { usageWindow } from "@worker3/sdk";
import type { Moment } from "./momentOf.ts";

export interface DueClaimParameters {
  readonly moment: Moment;
  /** The epochs that matured and of which something is pending, in order. */
  readonly waiting: readonly number[];
  /** What is payable already, in base units, with the fee. */
  readonly payable: bigint;
  /** The epoch of this node's last claim; where there was none, its first counted epoch. */
  readonly lastClaim: number;
  /** 0: never. */
  readonly claimEveryEpochs: number;
}

/** No claim is of more epochs, so that it fits into a block. */
const MOST_EPOCHS = 128;

/**
 * The epochs to claim now; undefined where it is not time. A claim is due when enough epochs wait, when the oldest waited
 * for twice as long, or when something was payable for that long; it pays what is payable in any case.
 */
export function dueClaim(parameters: DueClaimParameters): readonly number[] | undefined {
  const { moment, waiting, payable, lastClaim, claimEveryEpochs } = parameters;
  const { times, headEpoch } = moment;
  if (claimEveryEpochs === 0) return undefined;
  const [oldest] = waiting;
  const waited = oldest === undefined ? 0 : headEpoch - usageWindow(times, oldest).firstClaim;
  const isDue =
    waiting.length >= claimEveryEpochs ||
    waited >= 2 * claimEveryEpochs ||
    (payable > 0n && headEpoch - lastClaim >= 2 * claimEveryEpochs);
  return isDue ? waiting.slice(0, MOST_EPOCHS) : undefined;
}
