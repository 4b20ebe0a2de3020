import type { Hash } from "viem";
import type { Line } from "../receipts/receipt.ts";

/** A receipt that the chain counted, with all that a release or a dispute of it needs. */
export interface CountedReceipt {
  readonly nodeId: number;
  readonly epoch: number;
  readonly line: Line;
  /** Its place in the batch, from 0. */
  readonly index: number;
  /** The batch, as `BatchCounted` has it. */
  readonly statements: Hash;
  readonly lines: readonly Line[];
  readonly txHash: Hash;
}
