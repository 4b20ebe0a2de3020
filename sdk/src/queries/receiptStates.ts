import { usageSettlementAbi } from "../abi/UsageSettlement.ts";
import * as settlement from "../contracts/settlement/index.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import type { Times } from "../protocol/times.ts";
import { usageWindow } from "../protocol/usageWindow.ts";
import { readEvents } from "./logs.ts";
import { mapInWindows } from "./mapInWindows.ts";
import type { CountedReceipt } from "./receipts.ts";

/** What became of usage. */
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

/** Reads share round trips; so many at a time fit one. */
const WINDOW = 100;

/**
 * What became of each receipt, in order.
 *
 * @throws {RpcError} The chain cannot be asked; {FactError} it answers wrongly.
 */
export async function readReceiptStates(
  client: NetworkClient,
  {
    receipts,
    signal,
  }: { readonly receipts: readonly CountedReceipt[]; readonly signal?: AbortSignal | undefined },
): Promise<UsageState[]> {
  const now = await settlement.currentEpoch(client);
  return mapInWindows(
    receipts,
    async ({ nodeId, epoch, line: { projectId } }) => {
      signal?.throwIfAborted();
      const [{ status }, { amount: bucket }] = await Promise.all([
        settlement.statusOf(client, { projectId, nodeId, epoch }),
        settlement.pending(client, { nodeId, epoch }),
      ]);
      const guilty = status === "Settled" && (await wasGuilty(client, { projectId, nodeId, epoch }, signal));
      return receiptState(client.network.times, { epoch, now, status, guilty, bucket });
    },
    WINDOW,
  );
}

/** A drawn dispute has no decision: the node is paid. */
async function wasGuilty(
  client: NetworkClient,
  args: { readonly projectId: bigint; readonly nodeId: number; readonly epoch: number },
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const [decision] = await readEvents(client, {
    address: client.network.contracts.usageSettlement,
    abi: usageSettlementAbi,
    eventName: "Decided",
    args,
    signal,
  });
  return decision?.args.guilty ?? false;
}
