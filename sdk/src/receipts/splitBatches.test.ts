import assert from "node:assert/strict";
import { splitBatches } from "./splitBatches.ts";

describe("splitBatches", () => {
  const table: [count: number, sizes: number[]][] = [
    [0, []],
    [1, [1]],
    [256, [256]],
    [257, [256, 1]],
    [1_000, [256, 256, 256, 232]],
  ];
  for (const [count, sizes] of table) {
    it(`${count} receipts go in ${sizes.length} batches, in order`, () => {
      const receipts = Array.from({ length: count }, (_, i) => i);
      const batches = splitBatches(receipts);
      assert.deepEqual(
        batches.map((batch) => batch.length),
        sizes,
      );
      assert.deepEqual(batches.flat(), receipts);
    });
  }
});
