import assert from "node:assert/strict";
import { RpcRequestError } from "viem";
import { isBehindError } from "./isBehindError.ts";

const said = (message: string, data?: unknown) =>
  new RpcRequestError({ body: {}, url: "http://rpc.example", error: { code: -32_000, message, data } });

describe("how RPCs say that they lack a block", () => {
  const behind = [
    "header not found",
    "header for hash not found",
    "missing trie node 0xab (path ) state 0xab is not available",
    "block not found: 0x5",
    "block 5 not found",
    "unknown block",
    "Unknown block",
    "BlockOutOfRangeError: block height is 3 but requested was 9",
    "Block 5 could not be found",
    "Block requested not found. Request might be querying historical state that is not available",
    "requested block number is beyond current head",
    "block is out of range",
    "future block",
    "historical state 0xab is not available",
  ];
  for (const words of behind) it(words, () => assert.ok(isBehindError(said(words))));

  const others = [
    "execution reverted",
    "nonce too low",
    "too many requests",
    "block range is too wide",
    "internal error",
  ];
  for (const words of others) it(`not: ${words}`, () => assert.ok(!isBehindError(said(words))));

  it("not: a contract that says such words", () =>
    assert.ok(!isBehindError(said("execution reverted: block not found", "0x08c379a0"))));
});
