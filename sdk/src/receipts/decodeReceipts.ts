import type { Hex } from "viem";
import { decodeRows, RECEIPT_FIELDS } from "./fields.ts";
import type { Receipt } from "./receipt.ts";

/**
 * The receipts in a list of 32 bytes each.
 *
 * @throws {ReceiptError} `RECEIPT_BYTES`.
 */
export function decodeReceipts(data: Hex): Receipt[] {
  return decodeRows(RECEIPT_FIELDS, data);
}
