import {
  decodeReceipts,
  MAX_RECEIPTS,
  type ReceiptOutcome,
  settlement,
  splitBatches,
  untilAborted,
} from "@worker3/sdk";
import { concatHex, type Hex } from "viem";
import type { SettlementParts } from "./SettlementParts.ts";

export interface PreviewReceiptsParameters {
  readonly epoch: number;
  readonly receipts: readonly Hex[];
  /** What receipts that come before these take of projects' credit, in base units. */
  readonly spent?: ReadonlyMap<bigint, bigint> | undefined;
}

/**
 * What the chain would make of receipts of an epoch now, in their order.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function previewReceipts(
  { client, view }: Pick<SettlementParts, "client" | "view">,
  { epoch, receipts, spent }: PreviewReceiptsParameters,
  signal: AbortSignal,
): Promise<ReceiptOutcome[]> {
  const previews: ReceiptOutcome[] = [];
  for (const chunk of splitBatches(receipts, MAX_RECEIPTS)) {
    const parameters = { nodeId: view.nodeId, epoch, receipts: decodeReceipts(concatHex(chunk)), spent };
    previews.push(...(await untilAborted(settlement.previewBatch(client, parameters), signal)));
  }
  return previews;
}
