import type { Line, Network, Prices } from "@worker3/sdk";
import type { Hash } from "viem";

/** A batch of this node that the chain counted. */
export interface CountedBatch {
  /** See `statementsDigest`. */
  readonly statements: Hash;
  readonly lines: readonly Line[];
  /** Whether it is in a final block. */
  readonly isFinal: boolean;
}

/**
 * What settlement knows of the chain, by the facts that are booked. Whoever says `finalSeconds` has booked every fact up
 * to that block.
 */
export interface SettlementView {
  readonly network: Network;
  readonly nodeId: number;
  /** Chain time of the newest block, Unix seconds. */
  headSeconds(): number;
  /** Chain time of the newest final block, Unix seconds; 0 while none is known. */
  finalSeconds(): number;
  /** Its number; below 0 while none is known. */
  finalBlock(): bigint;
  /** The projects in whose terms of an epoch this node has a seat, by final blocks; `cap` in base units. */
  seatsIn(epoch: number): readonly { readonly projectId: bigint; readonly cap: bigint }[];
  /** What one seat of a project may charge for an epoch, by final blocks, in base units; undefined where it has no terms. */
  capIn(projectId: bigint, epoch: number): bigint | undefined;
  /** Undefined before the ledger has them. */
  prices(epoch: number): Prices | undefined;
  /** By all blocks. */
  countedBatches(epoch: number): readonly CountedBatch[];
  /** The epochs of which a batch of this node was counted, by final blocks. */
  countedEpochs(): readonly number[];
  /** The epochs whose buckets were paid out, by final blocks. */
  claimedEpochs(): ReadonlySet<number>;
  /** What claims paid to the node's owner so far, in base units. */
  paid(): bigint;
  /** Whether no receipt of that epoch counts any more. */
  isRetiredIn(epoch: number): boolean;
  /** Whether the node retired, or its last epoch is known; where only too little stake retires it, that may be taken back. */
  isRetiring(): boolean;
  /** Whether nothing takes its retirement back any more. */
  isRetiredForGood(headEpoch: number): boolean;
  /** What the node said last of itself; `untilEpoch` is 0 before it did. */
  presence(): { readonly untilEpoch: number; readonly leastCap: bigint };
  /** When the last pause of submissions ends or ended, Unix seconds. */
  pausedUntil(): number;
}
