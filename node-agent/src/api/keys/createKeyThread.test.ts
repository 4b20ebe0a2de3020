import assert from "node:assert/strict";
import { recoverKey } from "@worker3/sdk";
import { bytesToHex, type Hash, keccak256 } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { createKeyThread, type KeyThread } from "./createKeyThread.ts";

const SECRET = `0x${"11".repeat(32)}` as const;
const operator = privateKeyToAccount(SECRET);
const stranger = privateKeyToAccount(`0x${"22".repeat(32)}`);
const hashOf = (number: number): Hash => keccak256(new Uint8Array([number & 255, number >> 8]));

describe("signatures in a thread of their own", function () {
  this.timeout(60_000);
  let keys: KeyThread;
  before(() => {
    keys = createKeyThread(SECRET);
  });
  after(() => keys[Symbol.asyncDispose]());

  it("are the operator's, as the account itself makes them", async () => {
    assert.equal(await keys.sign(hashOf(1)), await operator.sign({ hash: hashOf(1) }));
  });

  it("are looked at as everywhere: whose they are, and what is none", async () => {
    const signature = await stranger.sign({ hash: hashOf(2) });
    assert.equal(await keys.recoverKey({ hash: hashOf(2), signature }), stranger.address);
    for (const bad of [
      `0x${"00".repeat(65)}`,
      `0x${"ff".repeat(65)}`,
      "0x",
      `0x${"12".repeat(4_000)}`,
    ] as const) {
      assert.equal(await keys.recoverKey({ hash: hashOf(2), signature: bad }), undefined, bad.slice(0, 20));
      assert.equal(await recoverKey({ hash: hashOf(2), signature: bad }), undefined);
    }
  });

  it("that too many ask for are refused, and the next is served when there is room again", async () => {
    const asked = Array.from({ length: 200 }, (_, i) => keys.sign(hashOf(1_000 + i)));
    const results = await Promise.allSettled(asked);
    const codes = results.map((result) => (result.status === "fulfilled" ? "signed" : result.reason.code));
    assert.equal(codes.filter((code) => code === "signed").length, 64);
    assert.equal(codes.filter((code) => code === "NODE_BUSY").length, 136);
    assert.equal(await keys.sign(hashOf(1_199)), await operator.sign({ hash: hashOf(1_199) }));
  });

  it("that were asked for before, or are being made, take no place in the queue", async () => {
    const same = Array.from({ length: 200 }, () => keys.sign(hashOf(3_000)));
    assert.equal(new Set(await Promise.all(same)).size, 1);
  });

  it("leave this thread free while they are made", async () => {
    const order: string[] = [];
    const many = Array.from({ length: 60 }, (_, i) =>
      keys.recoverKey({ hash: hashOf(5_000 + i), signature: bytesToHex(new Uint8Array(65).fill(27)) }),
    );
    void Promise.all(many).then(() => order.push("all looked at"));
    await new Promise((resolve) => setImmediate(resolve));
    order.push("a turn of this thread");
    await Promise.all(many);
    assert.deepEqual(order, ["a turn of this thread", "all looked at"]);
  });
});
