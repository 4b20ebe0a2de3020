import assert from "node:assert/strict";
import type { OutboxState } from "../../ledger/outboxTable.ts";
import { isBelievable, MOST_FOREIGN, missingNonces, nextNonce } from "./nonces.ts";

const own = (text: string) =>
  text
    .split(" ")
    .filter((one) => one !== "")
    .map((one) => {
      const [nonce, state] = one.split(":");
      return { nonce: Number(nonce), state: state as OutboxState };
    });

describe("nextNonce", () => {
  const table: [rule: string, count: number, own: string, nonce: number][] = [
    ["the chain's count where nothing is on its way", 7, "", 7],
    ["the one after what is on its way", 7, "7:sent 8:sent", 9],
    ["a missing one first", 7, "8:sent 9:sent", 7],
    ["the lowest of several", 7, "7:sent 10:sent", 8],
    ["above what was seen mined, though the count lags behind", 5, "5:final 6:mined", 7],
    ["again where a foreign transaction went and left the count lower", 7, "6:final 9:sent", 7],
  ];
  for (const [rule, count, text, nonce] of table)
    it(rule, () => assert.equal(nextNonce({ count, own: own(text) }), nonce));
});

describe("missingNonces", () => {
  const table: [rule: string, count: number, own: string, missing: number[]][] = [
    ["none where nothing is on its way", 7, "", []],
    ["none where the lowest on its way is the chain's next", 7, "7:sent 8:sent", []],
    ["none below the count, whoever used them", 7, "5:sent 7:sent", []],
    ["those below the lowest on its way", 5, "7:sent 8:sent", [5, 6]],
    ["those in between", 5, "5:sent 8:sent", [6, 7]],
    ["none that were seen mined, though the count lags behind", 3, "3:final 4:mined 5:sent", []],
    ["at most so many", 0, "100:sent", [0, 1, 2]],
  ];
  for (const [rule, count, text, missing] of table)
    it(rule, () => assert.deepEqual(missingNonces({ count, own: own(text) }, 3), missing));
});

describe("isBelievable", () => {
  it("a count is believed up to a little above what the final block and the ledger know", () => {
    assert.ok(isBelievable({ count: 20 + MOST_FOREIGN, own: [] }, 20));
    assert.ok(!isBelievable({ count: 21 + MOST_FOREIGN, own: [] }, 20));
    assert.ok(isBelievable({ count: 31 + MOST_FOREIGN, own: own("30:sent") }, 20));
    assert.ok(!isBelievable({ count: 1_000_000, own: own("30:sent") }, 20));
  });
});
