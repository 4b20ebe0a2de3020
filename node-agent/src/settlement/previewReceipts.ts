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

/**
 * What the chain would make of receipts of an epoch now, in their order.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function previewReceipts(
  { client, view }: Pick<SettlementParts, "client" | "view">,
  epoch: number,
  receipts: readonly Hex[],
  signal: AbortSignal,
): Promise<ReceiptOutcome[]> {
  const previews: ReceiptOutcome[] = [];
  for (const chunk of splitBatches(receipts, MAX_RECEIPTS)) {
    const parameters = { nodeId: view.nodeId, epoch, receipts: decodeReceipts(concatHex(chunk)) };
    previews.push(...(await untilAborted(settlement.previewBatch(client, parameters), signal)));
  }
  return previews;
}
