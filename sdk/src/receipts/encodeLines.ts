import type { Hex } from "viem";
import type { Line } from "./receipt.ts";
import { encodeWords } from "./words.ts";

/**
 * The bytes of counted receipts, as `BatchCounted` emits and `release` and `dispute` take them: 40 each, the receipt and
 * its amount in 8 bytes more.
 *
 * @throws {ReceiptError} `RECEIPT_RANGE`.
 */
export function encodeLines(lines: readonly Line[]): Hex {
  return `0x${lines.map((l) => encodeWords([l.projectId, l.requests, l.cpuMs, l.egressKiB, l.amount])).join("")}`;
}
