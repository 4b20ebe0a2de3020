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
