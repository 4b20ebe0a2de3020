import assert from "node:assert/strict";
import { bumpFees, capFees } from "./bumpFees.ts";

describe("the fee of a transaction that waits", () => {
  const most = 1_000n;
  const table: [string, Parameters<typeof bumpFees>, ReturnType<typeof bumpFees>][] = [
    [
      "is an eighth more, rounded up",
      [{ feePerGas: 100n, tipPerGas: 9n }, { feePerGas: 50n, tipPerGas: 1n }, most],
      { feePerGas: 113n, tipPerGas: 11n },
    ],
    [
      "is what the chain asks for where that is more",
      [{ feePerGas: 100n, tipPerGas: 9n }, { feePerGas: 500n, tipPerGas: 90n }, most],
      { feePerGas: 500n, tipPerGas: 90n },
    ],
    [
      "is more also where it was nothing",
      [{ feePerGas: 0n, tipPerGas: 0n }, { feePerGas: 0n, tipPerGas: 0n }, most],
      { feePerGas: 1n, tipPerGas: 1n },
    ],
    [
      "is no more than the limit",
      [{ feePerGas: 800n, tipPerGas: 9n }, { feePerGas: 5_000n, tipPerGas: 5_000n }, most],
      { feePerGas: 1_000n, tipPerGas: 1_000n },
    ],
    [
      "is not raised where the limit allows no eighth more",
      [{ feePerGas: 889n, tipPerGas: 9n }, { feePerGas: 50n, tipPerGas: 1n }, most],
      undefined,
    ],
    [
      "has no tip on a chain without",
      [{ feePerGas: 8n, tipPerGas: undefined }, { feePerGas: 8n, tipPerGas: undefined }, most],
      { feePerGas: 9n, tipPerGas: undefined },
    ],
  ];
  for (const [rule, parameters, fees] of table)
    it(rule, () => assert.deepEqual(bumpFees(...parameters), fees));

  it("a tip is never more than the whole", () => {
    assert.deepEqual(capFees({ feePerGas: 2_000n, tipPerGas: 1_500n }, most), {
      feePerGas: 1_000n,
      tipPerGas: 1_000n,
    });
  });
});
