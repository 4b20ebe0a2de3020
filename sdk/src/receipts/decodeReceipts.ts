import type { Hex } from "viem";
import type { Receipt } from "./receipt.ts";
import { decodeWords } from "./words.ts";

/**
 * The receipts in a list of 32 bytes each.
 *
 * @throws {ReceiptError} `RECEIPT_BYTES`.
 */
export function decodeReceipts(data: Hex): Receipt[] {
  return decodeWords(data, 4).map(([projectId = 0n, requests = 0n, cpuMs = 0n, egressKiB = 0n]) => ({
    projectId,
    requests,
    cpuMs,
    egressKiB,
  }));
}
