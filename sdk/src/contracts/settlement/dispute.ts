import type { Hash, Hex } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { encodeLines } from "../../receipts/encodeLines.ts";
import type { Line } from "../../receipts/receipt.ts";
import { usageSettlement } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface DisputeParameters extends WriteOptions {
  readonly nodeId: number;
  readonly epoch: number;
  /** As `BatchCounted` has them. */
  readonly statements: Hash;
  /** All lines of the batch, as `BatchCounted` has them. */
  readonly lines: readonly Line[] | Hex;
  /** Which line, from 0. */
  readonly index: number;
  /** What is wrong, for the arbiter. */
  readonly reason: string;
}

export interface DisputeResult extends Mined {
  readonly projectId: bigint;
  /** What the receipt was charged, in base units. */
  readonly amount: bigint;
  /** What was taken as bond, in base units. */
  readonly bond: bigint;
}

/**
 * Disputes a counted receipt: its amount is frozen until the arbiter decides. Takes a bond of the larger of `minBond` and
 * the amount, approved to the escrow before. For the project's owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `UNKNOWN_BATCH`, `NO_SUCH_LINE`, `WINDOW_CLOSED`, `ALREADY_TOUCHED`,
 *   `INSUFFICIENT_ALLOWANCE`, or what every write throws, see `sendCall`.
 */
export async function dispute(client: NetworkWriter, parameters: DisputeParameters): Promise<DisputeResult> {
  const { nodeId, epoch, statements, lines, index, reason, ...options } = parameters;
  const contract = usageSettlement(client);
  const bytes = typeof lines === "string" ? lines : encodeLines(lines);
  const args = [nodeId, epoch, statements, bytes, BigInt(index), reason] as const;
  const sent = await sendCall(client, { ...contract, functionName: "dispute", args }, options);
  const event = eventOf(sent, contract, "Disputed");
  return {
    txHash: sent.txHash,
    blockNumber: sent.blockNumber,
    projectId: event.projectId,
    amount: event.amount,
    bond: event.bond,
  };
}
