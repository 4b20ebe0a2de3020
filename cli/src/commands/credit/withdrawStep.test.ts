import assert from "node:assert/strict";
import { formatSpan } from "../../text/formatSpan.ts";
import { type WithdrawFacts, withdrawStep } from "./withdrawStep.ts";

const facts: WithdrawFacts = { amount: 5n, balance: 10n, thawing: 0n, firstWithdraw: 20, epoch: 10 };

describe("withdrawStep", () => {
  it("asks, waits, takes, in this order", () => {
    assert.deepEqual(withdrawStep(facts), { step: "request", amount: 5n, restarts: false });
    assert.deepEqual(withdrawStep({ ...facts, thawing: 5n }), { step: "wait" });
    assert.deepEqual(withdrawStep({ ...facts, thawing: 5n, amount: undefined }), { step: "wait" });
    const thawed: WithdrawFacts = { ...facts, thawing: 5n, epoch: 20 };
    assert.deepEqual(
      withdrawStep(thawed),
      { step: "withdraw", paid: 5n },
      "the same amount is the same request",
    );
    assert.deepEqual(withdrawStep({ ...thawed, amount: undefined }), { step: "withdraw", paid: 5n });
    assert.deepEqual(withdrawStep({ ...facts, amount: undefined }), { step: "nothing" });
  });

  it("takes all for whatever is there, and waits for it though charges reach it", () => {
    const all: WithdrawFacts = { ...facts, amount: "all" };
    assert.deepEqual(withdrawStep(all), { step: "request", amount: 10n, restarts: false });
    assert.deepEqual(withdrawStep({ ...all, thawing: 10n }), { step: "wait" });
    assert.deepEqual(withdrawStep({ ...all, thawing: 10n, balance: 8n }), { step: "wait" });
    assert.deepEqual(withdrawStep({ ...all, thawing: 10n, epoch: 20 }), { step: "withdraw", paid: 10n });
    assert.deepEqual(withdrawStep({ ...all, thawing: 4n }), { step: "request", amount: 10n, restarts: true });
    assert.deepEqual(withdrawStep({ ...all, balance: 0n }), { step: "nothing" });
  });

  it("asks for another amount once an earlier one is paid out, and never for more than is left then", () => {
    const thawed: WithdrawFacts = { ...facts, balance: 10n, thawing: 4n, epoch: 20 };
    assert.deepEqual(withdrawStep({ ...thawed, amount: 1n }), { step: "withdraw", paid: 4n, next: 1n });
    assert.deepEqual(withdrawStep({ ...thawed, amount: 6n }), { step: "withdraw", paid: 4n, next: 6n });
    assert.deepEqual(withdrawStep({ ...thawed, amount: "all" }), { step: "withdraw", paid: 4n, next: 6n });
    assert.deepEqual(withdrawStep({ ...thawed, amount: 7n }), {
      step: "tooMuch",
      amount: 7n,
      paid: 4n,
      rest: 6n,
    });
    const charged: WithdrawFacts = { ...thawed, balance: 4n, amount: 5n };
    assert.deepEqual(withdrawStep(charged), { step: "withdraw", paid: 4n }, "charges took of what was asked");
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
