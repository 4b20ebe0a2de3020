import assert from "node:assert/strict";
import { type Hex, keccak256, padHex } from "viem";
import { compareCode } from "./compareCode.ts";

const ASSET = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const WORD = padHex(ASSET, { size: 32 });
const ZEROS = padHex("0x", { size: 32 });
/** Two places for one immutable, with code before, between and after them. */
const code = (first: Hex, second: Hex, last = "ff"): Hex =>
  `0x6001${first.slice(2)}6002${second.slice(2)}${last}`;
const compare = (found: Hex | undefined, declared: Record<string, string> = { ASSET }) =>
  compareCode({
    name: "Thing",
    runtimeCode: code(ZEROS, ZEROS),
    immutables: [
      {
        name: "ASSET",
        type: "contract IERC20",
        ranges: [
          { start: 2, length: 32 },
          { start: 36, length: 32 },
        ],
      },
    ],
    found,
    declared,
  });
const wrong = (rows: ReturnType<typeof compare>) =>
  rows.filter(({ ok }) => !ok).map(({ what, found }) => `${what}: ${found}`);

describe("code on chain against the build", () => {
  it("only immutables may differ from the build, and they have to be as declared", () => {
    const rows = compare(code(WORD, WORD));
    assert.deepEqual(rows, [
      {
        what: "Thing: code",
        expected: `69 bytes, ${keccak256(code(ZEROS, ZEROS)).slice(0, 18)}`,
        found: `69 bytes, ${keccak256(code(ZEROS, ZEROS)).slice(0, 18)}`,
        ok: true,
      },
      { what: "Thing: immutable ASSET", expected: ASSET, found: ASSET, ok: true },
    ]);
  });

  it("no code, code of another length and one other byte are told apart", () => {
    assert.deepEqual(wrong(compare(undefined)), ["Thing: code: no code"]);
    assert.deepEqual(wrong(compare("0x")), ["Thing: code: no code"]);
    const longer: Hex = `${code(WORD, WORD)}00`;
    assert.deepEqual(wrong(compare(longer)), [`Thing: code: 70 bytes, ${keccak256(longer).slice(0, 18)}`]);
    assert.deepEqual(wrong(compare(code(WORD, WORD, "fe"))), ["Thing: code: other code from byte 68 on"]);
  });

  it("an immutable that is another, that differs between its places, or that nothing declares is wrong", () => {
    const other = padHex("0x01", { size: 32 });
    const one = "0x0000000000000000000000000000000000000001";
    assert.deepEqual(wrong(compare(code(other, other))), [`Thing: immutable ASSET: ${one}`]);
    assert.deepEqual(wrong(compare(code(WORD, other))), [`Thing: immutable ASSET: ${ASSET} and ${one}`]);
    assert.deepEqual(wrong(compare(code(WORD, WORD), {})), [`Thing: immutable ASSET: ${ASSET}`]);
  });
});
