import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { bytesToHex, concatHex, type Hex, numberToHex } from "viem";
import { type CallLibrary, deployLibraries } from "../support/libraries.ts";

const word = fc.oneof(fc.constantFrom(0n, 1n, 2n ** 256n - 1n), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }));
const amount = fc.oneof(fc.constantFrom(0n, 1n, 2n ** 64n - 1n), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
const lines = fc.array(fc.record({ receipt: word, amount }), { minLength: 1, maxLength: 24 });

/** 32 bytes of receipt and 8 of amount each. */
const encode = (list: { receipt: bigint; amount: bigint }[]): Hex =>
  concatHex(
    list.flatMap(({ receipt, amount }) => [
      numberToHex(receipt, { size: 32 }),
      numberToHex(amount, { size: 8 }),
    ]),
  );

describe("Receipts.lineAt", () => {
  let call: CallLibrary;
  before(async () => {
    call = await deployLibraries();
  });

  it("reads each line of 40 bytes", async () => {
    await fc.assert(
      fc.asyncProperty(lines, async (list) => {
        const encoded = encode(list);
        const read = await Promise.all(list.map((_, index) => call("lineAt", encoded, BigInt(index))));
        assert.deepEqual(
          read,
          list.map(({ receipt, amount }) => ({ returned: [receipt, amount] })),
        );
      }),
      { numRuns: 80 },
    );
  });

  it("reverts behind the last line, and in a line that is cut off", async () => {
    const whole = encode([
      { receipt: 1n, amount: 2n },
      { receipt: 3n, amount: 4n },
    ]);
    for (const index of [2n, 3n, 2n ** 64n, 2n ** 255n, 2n ** 256n - 1n]) {
      assert.deepEqual(await call("lineAt", whole, index), { error: "", args: [] }, `line ${index}`);
    }
    for (const cut of [1, 8, 39]) {
      const encoded = whole.slice(0, -2 * cut) as Hex;
      assert.deepEqual(await call("lineAt", encoded, 1n), { error: "", args: [] });
      assert.deepEqual(await call("lineAt", encoded, 0n), { returned: [1n, 2n] });
    }
    assert.deepEqual(await call("lineAt", "0x", 0n), { error: "", args: [] });
  });

  it("never reads what stands behind the line", async () => {
    const line = encode([{ receipt: 5n, amount: 6n }]);
    const more = concatHex([line, bytesToHex(Uint8Array.from(randomBytes(39)))]);
    assert.deepEqual(await call("lineAt", more, 0n), { returned: [5n, 6n] });
    assert.deepEqual(await call("lineAt", more, 1n), { error: "", args: [] });
  });
});
