import assert from "node:assert/strict";
import { formatSpan } from "../../text/formatSpan.ts";
import { type WithdrawFacts, withdrawStep } from "./withdrawStep.ts";

const facts: WithdrawFacts = { amount: 5n, balance: 10n, thawing: 0n, firstWithdraw: 20, epoch: 10 };

describe("withdrawStep", () => {
  it("asks, waits, takes, in this order", () => {
    assert.deepEqual(withdrawStep(facts), { step: "request", amount: 5n, restarts: false });
    assert.deepEqual(withdrawStep({ ...facts, thawing: 5n }), { step: "wait" });
    assert.deepEqual(withdrawStep({ ...facts, thawing: 5n, amount: undefined }), { step: "wait" });
    assert.deepEqual(withdrawStep({ ...facts, thawing: 5n, epoch: 20 }), { step: "withdraw" });
    assert.deepEqual(withdrawStep({ ...facts, thawing: 5n, epoch: 20, amount: 1n }), { step: "withdraw" });
    assert.deepEqual(withdrawStep({ ...facts, amount: undefined }), { step: "nothing" });
  });

  it("takes all for whatever is there, and waits for it though charges reach it", () => {
    const all: WithdrawFacts = { ...facts, amount: "all" };
    assert.deepEqual(withdrawStep(all), { step: "request", amount: 10n, restarts: false });
    assert.deepEqual(withdrawStep({ ...all, thawing: 10n }), { step: "wait" });
    assert.deepEqual(withdrawStep({ ...all, thawing: 10n, balance: 8n }), { step: "wait" });
    assert.deepEqual(withdrawStep({ ...all, thawing: 10n, epoch: 20 }), { step: "withdraw" });
    assert.deepEqual(withdrawStep({ ...all, thawing: 4n }), { step: "request", amount: 10n, restarts: true });
    assert.deepEqual(withdrawStep({ ...all, balance: 0n }), { step: "nothing" });
  });

  it("says when another amount starts the time anew", () => {
    assert.deepEqual(withdrawStep({ ...facts, thawing: 4n }), {
      step: "request",
      amount: 5n,
      restarts: true,
    });
  });
});

describe("small decisions", () => {
  it("spans are told in their largest unit", () => {
    assert.deepEqual([0, 59, 60, 7_200, 86_400].map(formatSpan), [
      "0 seconds",
      "59 seconds",
      "1 minute",
      "2 hours",
      "1 day",
    ]);
  });
});
