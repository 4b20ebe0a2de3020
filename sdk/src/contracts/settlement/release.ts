import type { Hash, Hex } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { encodeLines } from "../../receipts/encodeLines.ts";
import type { Line } from "../../receipts/receipt.ts";
import { usageSettlement } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface ReleaseParameters extends WriteOptions {
  readonly nodeId: number;
  readonly epoch: number;
  /** As `BatchCounted` has them. */
  readonly statements: Hash;
  /** All lines of the batch, as `BatchCounted` has them. */
  readonly lines: readonly Line[] | Hex;
  /** Which line, from 0. */
  readonly index: number;
  /** The meter's, see `signRelease`; absent when the owner calls. */
  readonly signature?: Hex | undefined;
}

export interface ReleaseResult extends Mined {
  readonly projectId: bigint;
  /** What the receipt was charged, in base units. */
  readonly amount: bigint;
}

/**
 * Accepts a counted receipt early: it is payable at once and can no longer be disputed. For the project's owner, or
 * anyone with the signature of its meter.
 *
 * @throws `NOT_RELEASABLE`, `UNKNOWN_BATCH`, `NO_SUCH_LINE`, `WINDOW_CLOSED`, `ALREADY_TOUCHED`, or what every write
 *   throws, see `sendCall`.
 */
export async function release(client: NetworkWriter, parameters: ReleaseParameters): Promise<ReleaseResult> {
  const { nodeId, epoch, statements, lines, index, signature, ...options } = parameters;
  const contract = usageSettlement(client);
  const bytes = typeof lines === "string" ? lines : encodeLines(lines);
  const args = [nodeId, epoch, statements, bytes, BigInt(index), signature ?? "0x"] as const;
  const sent = await sendCall(client, { ...contract, functionName: "release", args }, options);
  const event = eventOf(sent, contract, "Released");
  return {
    txHash: sent.txHash,
    blockNumber: sent.blockNumber,
    projectId: event.projectId,
    amount: event.amount,
  };
}
