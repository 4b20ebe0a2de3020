import type { Hex } from "viem";
import type { Line } from "./receipt.ts";
import { decodeWords } from "./words.ts";

/**
 * The counted receipts in a list of 40 bytes each.
 *
 * @throws {ReceiptError} `RECEIPT_BYTES`.
 */
export function decodeLines(data: Hex): Line[] {
  return decodeWords(data, 5).map(
    ([projectId = 0n, requests = 0n, cpuMs = 0n, egressKiB = 0n, amount = 0n]) => ({
      projectId,
      requests,
      cpuMs,
      egressKiB,
      amount,
    }),
  );
}
