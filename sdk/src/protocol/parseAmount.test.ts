import assert from "node:assert/strict";
import fc from "fast-check";
import { throwsCode } from "../testing/throwsCode.ts";
import { formatAmount } from "./formatAmount.ts";
import { parseAmount } from "./parseAmount.ts";

describe("parseAmount", () => {
  const good: [text: string, amount: bigint][] = [
    ["0", 0n],
    ["12", 12_000_000n],
    ["12.5", 12_500_000n],
    ["0.000001", 1n],
    ["007.10", 7_100_000n],
    ["18446744073709.551615", (1n << 64n) - 1n],
  ];
  for (const [text, amount] of good) {
    it(`${text} is ${amount} base units`, () => assert.equal(parseAmount(text), amount));
  }

  for (const text of [
    "",
    ".5",
    "5.",
    "-1",
    "+1",
    "1e3",
    "1,000",
    "0.0000001",
    " 1",
    "1 ",
    "0x10",
    "١",
    "18446744073709.551616",
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(throwsCode(() => parseAmount(text), "AMOUNT_BAD").value, text);
    });
  }

  it("reads back what formatAmount writes", () =>
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (amount) =>
        assert.equal(parseAmount(formatAmount(amount)), amount),
      ),
    ));
});

describe("formatAmount", () => {
  const table: [amount: bigint, text: string][] = [
    [0n, "0"],
    [1n, "0.000001"],
    [12_500_000n, "12.5"],
    [12_000_000n, "12"],
    [-1_500_000n, "-1.5"],
  ];
  for (const [amount, text] of table) {
    it(`${amount} base units are ${text}`, () => assert.equal(formatAmount(amount), text));
  }
});
