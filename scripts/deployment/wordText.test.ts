import assert from "node:assert/strict";
import { concat, type Hex, padHex, toHex } from "viem";
import { wordText } from "./wordText.ts";

const ADDRESS = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const dirty = (word: Hex): Hex => `0x01${word.slice(4)}`;
const short = (text: string, length = text.length): Hex =>
  concat([toHex(text, { size: 31 }), toHex(length, { size: 1 })]);

describe("a word as its value", () => {
  const values: [type: string, word: Hex, text: string][] = [
    ["address", padHex(ADDRESS, { size: 32 }), ADDRESS],
    ["contract IERC20", padHex(ADDRESS, { size: 32 }), ADDRESS],
    ["uint40", toHex(1_000_000n, { size: 32 }), "1000000"],
    ["uint256", toHex(2n ** 256n - 1n, { size: 32 }), String(2n ** 256n - 1n)],
    ["bool", toHex(1n, { size: 32 }), "true"],
    ["bool", toHex(0n, { size: 32 }), "false"],
    ["ShortString", short("worker3"), '"worker3"'],
    ["ShortString", short(""), '""'],
    ["bytes32", short("worker3"), short("worker3")],
  ];
  for (const [type, word, text] of values) {
    it(`${type} ${text}`, () => assert.equal(wordText(word, type), text));
  }

  it("what is no clean value of its type stays as it is, and so equals nothing that is declared", () => {
    const words: [type: string, word: Hex][] = [
      ["address", dirty(padHex(ADDRESS, { size: 32 }))],
      ["uint40", dirty(toHex(1n, { size: 32 }))],
      ["bool", toHex(2n, { size: 32 })],
      ["ShortString", short("worker3", 6)],
      ["ShortString", short("worker3", 32)],
    ];
    for (const [type, word] of words) assert.equal(wordText(word, type), word, type);
  });
});
