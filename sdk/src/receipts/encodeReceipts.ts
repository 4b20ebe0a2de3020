import type { Hex } from "viem";
import type { Receipt } from "./receipt.ts";
import { encodeWords } from "./words.ts";

/**
 * The bytes of a list of receipts, as `submit` takes and the operator signs them: 32 each,
 * `projectId 8 | requests 8 | cpuMs 8 | egressKiB 8`, big-endian.
 *
 * @throws {ReceiptError} `RECEIPT_RANGE`.
 */
export function encodeReceipts(receipts: readonly Receipt[]): Hex {
  return `0x${receipts.map((r) => encodeWords([r.projectId, r.requests, r.cpuMs, r.egressKiB])).join("")}`;
}
