import type { Hex } from "viem";
import { decodeRows, LINE_FIELDS } from "./fields.ts";
import type { Line } from "./receipt.ts";

/**
 * The counted receipts in a list of 40 bytes each.
 *
 * @throws {ReceiptError} `RECEIPT_BYTES`.
 */
export function decodeLines(data: Hex): Line[] {
  return decodeRows(LINE_FIELDS, data);
}
