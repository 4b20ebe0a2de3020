import assert from "node:assert/strict";
import { HttpRequestError, RpcRequestError, TimeoutError } from "viem";
import { judgeSendError, type SendVerdict } from "./judgeSendError.ts";

const said = (message: string) =>
  new RpcRequestError({
    body: { raw: "nonce too low" },
    url: "http://rpc.example",
    error: { code: -32_000, message },
  });

describe("what an RPC's answer to a signed transaction means", () => {
  const table: readonly (readonly [words: string, verdict: SendVerdict])[] = [
    ["already known", "known"],
    ["transaction already imported", "known"],
    ["AlreadyKnown", "known"],
    ["Known transaction", "known"],
    ["tx already in mempool", "known"],
    ["unknown transaction type", "lost"],
    ["nonce too low: next nonce 9, tx nonce 8", "used"],
    ["OldNonce", "used"],
    ["nonce too low", "used"],
    ["replacement transaction underpriced", "occupied"],
    ["ReplacementNotAllowed", "occupied"],
    ["could not replace existing tx", "occupied"],
    ["insufficient funds for gas * price + value", "poor"],
    ["Upfront cost exceeds account balance", "poor"],
    ["transaction underpriced", "cheap"],
    ["max fee per gas less than block base fee", "cheap"],
    ["FeeTooLow, MaxFeePerGas too low", "cheap"],
    ["internal error", "lost"],
    ["header not found", "lost"],
    ["", "lost"],
  ];
  for (const [words, verdict] of table) {
    it(`"${words}" is ${verdict}`, () => assert.equal(judgeSendError(said(words)), verdict));
  }

  it("a contract's reason leaves it open, whatever it says", () => {
    const refused = new RpcRequestError({
      body: {},
      url: "http://rpc.example",
      error: { code: 3, message: "execution reverted: insufficient balance", data: "0x08c379a0" },
    });
    assert.equal(judgeSendError(refused), "lost");
  });

  it("no answer leaves it open", () => {
    const body = { method: "eth_sendRawTransaction", params: ["nonce too low"] };
    for (const error of [
      new TimeoutError({ body, url: "http://rpc.example" }),
      new HttpRequestError({ body, url: "http://rpc.example", status: 502 }),
      new Error("socket hang up"),
      undefined,
    ]) {
      assert.equal(judgeSendError(error), "lost");
    }
  });
});
