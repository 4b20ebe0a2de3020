import type { Hex } from "viem";
import { encodeRows, RECEIPT_FIELDS } from "./fields.ts";
import type { Receipt } from "./receipt.ts";

/**
 * The bytes of a list of receipts, as `submit` takes and the operator signs them: 32 each,
 * `projectId 8 | requests 7 | cpuMs 6 | egressKiB 6 | storedMiB 5`, big-endian.
 *
 * Source: `Receipt` in contracts/libraries/Receipts.sol.
 *
 * @throws {ReceiptError} `RECEIPT_RANGE`, which names the number that does not fit.
 */
export function encodeReceipts(receipts: readonly Receipt[]): Hex {
  return encodeRows(RECEIPT_FIELDS, receipts);
}
