import assert from "node:assert/strict";
import fc from "fast-check";
import type { Hex } from "viem";
import { throwsCode } from "../testing/throwsCode.ts";
import { decodeLines } from "./decodeLines.ts";
import { decodeReceipts } from "./decodeReceipts.ts";
import { encodeLines } from "./encodeLines.ts";
import { encodeReceipts } from "./encodeReceipts.ts";
import type { Line } from "./receipt.ts";

const word = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const line: fc.Arbitrary<Line> = fc.record(
  {
    projectId: word,
    requests: word,
    cpuMs: word,
    egressKiB: word,
    amount: word,
  },
  { noNullPrototype: true },
);

describe("receipts and lines as bytes", () => {
  const one: Line = { projectId: 1n, requests: 2n, cpuMs: 3n, egressKiB: 0xffn, amount: 4n };

  it("a receipt is four words of 8 bytes, big-endian", () =>
    assert.equal(
      encodeReceipts([one]),
      `0x${"0".repeat(15)}1${"0".repeat(15)}2${"0".repeat(15)}3${"0".repeat(14)}ff`,
    ));

  it("a line is a receipt and its amount", () =>
    assert.equal(encodeLines([one]), `${encodeReceipts([one])}${"0".repeat(15)}4`));

  it("what was written is read back", () =>
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        assert.deepEqual(decodeLines(encodeLines(lines)), lines);
        const receipts = lines.map(({ amount: _, ...receipt }) => receipt);
        assert.deepEqual(decodeReceipts(encodeReceipts(receipts)), receipts);
      }),
    ));

  it("an empty list is no bytes", () => {
    assert.equal(encodeReceipts([]), "0x");
    assert.deepEqual(decodeLines("0x"), []);
  });

  it("refuses half a row, what is no hexadecimal, and numbers of more than 64 bits", () => {
    const bytes = encodeLines([one]);
    throwsCode(() => decodeReceipts(bytes), "RECEIPT_BYTES");
    throwsCode(() => decodeLines(encodeReceipts([one])), "RECEIPT_BYTES");
    throwsCode(() => decodeLines(bytes.replace("f", "g") as Hex), "RECEIPT_BYTES");
    assert.equal(
      throwsCode(() => encodeReceipts([{ ...one, cpuMs: 1n << 64n }]), "RECEIPT_RANGE").value,
      String(1n << 64n),
    );
    throwsCode(() => encodeReceipts([{ ...one, requests: -1n }]), "RECEIPT_RANGE");
  });
});
