import { type Hash, type Hex, parseEventLogs } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { decodeLines } from "../../receipts/decodeLines.ts";
import { encodeReceipts } from "../../receipts/encodeReceipts.ts";
import type { Line, Receipt } from "../../receipts/receipt.ts";
import { usageSettlement } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";
import { type SkipReason, skipReason } from "./skipReason.ts";

export interface SubmitParameters extends WriteOptions {
  readonly nodeId: number;
  /** `epoch < now <= epoch + late`. */
  readonly epoch: number;
  /** See `statementsDigest`. */
  readonly statements: Hash;
  /** 1 to 256; or the very bytes that were signed. */
  readonly receipts: readonly Receipt[] | Hex;
  /** The operator's, see `signUsageBatch`. */
  readonly signature: Hex;
}

export interface SkippedReceipt {
  readonly projectId: bigint;
  readonly reason: SkipReason;
}

export interface SubmitResult extends Mined {
  /** What was counted, in the order of the batch, with the amount that each was charged. */
  readonly lines: readonly Line[];
  /** What was not; it may come again until its deadline. */
  readonly skipped: readonly SkippedReceipt[];
}

/**
 * Counts a batch: for each receipt with a seat in its epoch, not counted yet and with credit for all of it, charges the
 * project. Anyone may relay.
 *
 * @throws `BATCH_SIZE`, `NOT_SUBMITTABLE`, `NODE_RETIRED`, `WRONG_BATCH_SIGNATURE`, `NOTHING_COUNTED`, `PAUSED`, or what
 *   every write throws, see `sendCall`.
 */
export async function submit(client: NetworkWriter, parameters: SubmitParameters): Promise<SubmitResult> {
  const { nodeId, epoch, statements, receipts, signature, ...options } = parameters;
  const contract = usageSettlement(client);
  const bytes = typeof receipts === "string" ? receipts : encodeReceipts(receipts);
  const args = [nodeId, epoch, statements, bytes, signature] as const;
  const sent = await sendCall(client, { ...contract, functionName: "submit", args }, options);
  const { lines } = eventOf(sent, contract, "BatchCounted");
  const skipped = parseEventLogs({ abi: contract.abi, logs: [...sent.logs], eventName: "ReceiptSkipped" });
  return {
    txHash: sent.txHash,
    blockNumber: sent.blockNumber,
    lines: decodeLines(lines),
    skipped: skipped.map(({ args: { projectId, reason } }) => ({ projectId, reason: skipReason(reason) })),
  };
}
