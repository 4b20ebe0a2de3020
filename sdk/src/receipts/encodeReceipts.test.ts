import assert from "node:assert/strict";
import fc from "fast-check";
import type { Hex } from "viem";
import { throwsCode } from "../testing/throwsCode.ts";
import { decodeLines } from "./decodeLines.ts";
import { decodeReceipts } from "./decodeReceipts.ts";
import { encodeLines } from "./encodeLines.ts";
import { encodeReceipts } from "./encodeReceipts.ts";
import { type Line, RECEIPT_MAX } from "./receipt.ts";

const upTo = (max: bigint) => fc.oneof(fc.constantFrom(0n, max), fc.bigInt({ min: 0n, max }));
const line: fc.Arbitrary<Line> = fc.record(
  {
    projectId: upTo(RECEIPT_MAX.projectId),
    requests: upTo(RECEIPT_MAX.requests),
    cpuMs: upTo(RECEIPT_MAX.cpuMs),
    egressKiB: upTo(RECEIPT_MAX.egressKiB),
    storedMiB: upTo(RECEIPT_MAX.storedMiB),
    amount: upTo((1n << 64n) - 1n),
  },
  { noNullPrototype: true },
);

describe("receipts and lines as bytes", () => {
  const one: Line = { projectId: 1n, requests: 2n, cpuMs: 3n, egressKiB: 0xffn, storedMiB: 5n, amount: 4n };

  it("a receipt is five numbers of 8, 7, 6, 6 and 5 bytes, big-endian", () =>
    assert.equal(
      encodeReceipts([one]),
      "0x0000000000000001" + "00000000000002" + "000000000003" + "0000000000ff" + "0000000005",
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

  it("refuses half a row, and what is no hexadecimal", () => {
    const bytes = encodeLines([one]);
    throwsCode(() => decodeReceipts(bytes), "RECEIPT_BYTES");
    throwsCode(() => decodeLines(encodeReceipts([one])), "RECEIPT_BYTES");
    throwsCode(() => decodeLines(bytes.replace("f", "g") as Hex), "RECEIPT_BYTES");
  });

  for (const name of ["projectId", "requests", "cpuMs", "egressKiB", "storedMiB"] as const) {
    it(`${name} that does not fit is refused by name`, () => {
      const most = { ...one, [name]: RECEIPT_MAX[name] };
      assert.deepEqual(decodeReceipts(encodeReceipts([most]))[0]?.[name], RECEIPT_MAX[name]);
      for (const value of [RECEIPT_MAX[name] + 1n, -1n]) {
        const error = throwsCode(() => encodeReceipts([{ ...one, [name]: value }]), "RECEIPT_RANGE");
        assert.equal(error.value, String(value));
        assert.match(error.message, new RegExp(`^${name} `));
        throwsCode(() => encodeLines([{ ...one, [name]: value }]), "RECEIPT_RANGE");
      }
    });
  }

  it("an amount that does not fit is refused by name", () => {
    const error = throwsCode(() => encodeLines([{ ...one, amount: 1n << 64n }]), "RECEIPT_RANGE");
    assert.match(error.message, /^amount .*2\^64/);
  });
});
