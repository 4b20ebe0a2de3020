import assert from "node:assert/strict";
import { feeOf } from "./feeOf.ts";

describe("feeOf", () => {
  const table: [amount: bigint, feeBps: number, fee: bigint][] = [
    [0n, 500, 0n],
    [1n, 0, 0n],
    [1n, 1, 1n],
    [10_000n, 500, 500n],
    [10_001n, 500, 501n],
    [(1n << 64n) - 1n, 2_000, 3_689_348_814_741_910_323n],
  ];
  for (const [amount, feeBps, fee] of table) {
    it(`the fee of ${feeBps} bps on ${amount} rounds up to ${fee}`, () =>
      assert.equal(feeOf(amount, feeBps), fee));
  }
});
