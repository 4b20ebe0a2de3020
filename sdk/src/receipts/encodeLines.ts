import type { Hex } from "viem";
import { encodeRows, LINE_FIELDS } from "./fields.ts";
import type { Line } from "./receipt.ts";

/**
 * The bytes of counted receipts, as `BatchCounted` emits and `release` and `dispute` take them: 40 each, the receipt and
 * its amount in 8 bytes more.
 *
 * @throws {ReceiptError} `RECEIPT_RANGE`.
 */
export function encodeLines(lines: readonly Line[]): Hex {
  return encodeRows(LINE_FIELDS, lines);
}
