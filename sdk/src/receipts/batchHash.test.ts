import assert from "node:assert/strict";
import { concatHex, keccak256 } from "viem";
import { batchHash } from "./batchHash.ts";
import { statementsDigest } from "./statementsDigest.ts";

describe("batchHash", () => {
  const statements = `0x${"ab".repeat(32)}` as const;

  it("is the hash of node, epoch, statements and lines, packed", () =>
    assert.equal(
      batchHash({ nodeId: 1, epoch: 258, statements, lines: "0x0102" }),
      keccak256(concatHex(["0x00000001", "0x00000102", statements, "0x0102"])),
    ));
});

describe("statementsDigest", () => {
  const a = `0x${"01".repeat(32)}` as const;
  const b = `0x${"02".repeat(32)}` as const;

  it("is the hash of the digests, one behind the other", () =>
    assert.equal(statementsDigest([a, b]), keccak256(concatHex([a, b]))));
  it("depends on their order", () => assert.notEqual(statementsDigest([a, b]), statementsDigest([b, a])));
  it("of none is the hash of nothing", () => assert.equal(statementsDigest([]), keccak256("0x")));
});
