import { MAX_RECEIPTS } from "./receipt.ts";

/** Cuts a list of receipts into batches of at most `size`, in order. An empty list gives no batch. */
export function splitBatches<receipt>(
  receipts: readonly receipt[],
  size: number = MAX_RECEIPTS,
): receipt[][] {
  const batches: receipt[][] = [];
  for (let start = 0; start < receipts.length; start += size)
    batches.push(receipts.slice(start, start + size));
  return batches;
}
