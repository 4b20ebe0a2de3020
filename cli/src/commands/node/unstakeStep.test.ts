import assert from "node:assert/strict";
import { type UnstakeFacts, unstakeStep } from "./unstakeStep.ts";

const facts: UnstakeFacts = {
  wanted: 100n,
  stake: 1_000n,
  thawing: 0n,
  firstWithdraw: 20,
  epoch: 10,
  minStake: 500n,
  isRetired: false,
};
const request = { step: "request", paid: 0n, amount: 100n, retires: false, restarts: false };

describe("unstakeStep", () => {
  it("says what retires the node, and what starts a time anew", () => {
    assert.deepEqual(unstakeStep(facts), request);
    assert.deepEqual(unstakeStep({ ...facts, wanted: 500n }), { ...request, amount: 500n });
    assert.deepEqual(unstakeStep({ ...facts, wanted: 501n }), { ...request, amount: 501n, retires: true });
    assert.deepEqual(unstakeStep({ ...facts, wanted: "all" }), { ...request, amount: 1_000n, retires: true });
    assert.deepEqual(unstakeStep({ ...facts, isRetired: true, wanted: "all" }), {
      ...request,
      amount: 1_000n,
    });
    assert.deepEqual(unstakeStep({ ...facts, thawing: 5n }), { ...request, restarts: true });
  });

  it("takes out first what has thawed, and asks of the rest alone", () => {
    const thawed: UnstakeFacts = { ...facts, thawing: 300n, epoch: 20 };
    assert.deepEqual(unstakeStep(thawed), { ...request, paid: 300n });
    assert.deepEqual(unstakeStep({ ...thawed, wanted: 201n }), {
      ...request,
      paid: 300n,
      amount: 201n,
      retires: true,
    });
    assert.deepEqual(unstakeStep({ ...thawed, wanted: "all" }), {
      ...request,
      paid: 300n,
      amount: 700n,
      retires: true,
    });
    const all: UnstakeFacts = { ...thawed, thawing: 1_000n, wanted: "all", isRetired: true };
    assert.deepEqual(unstakeStep(all), { step: "withdraw", paid: 1_000n });
  });

  it("refuses what is more than is there, before it speaks of retirement", () => {
    assert.deepEqual(unstakeStep({ ...facts, wanted: 5_000n }), { step: "tooMuch", paid: 0n, rest: 1_000n });
    assert.deepEqual(unstakeStep({ ...facts, wanted: 701n, thawing: 300n, epoch: 20 }), {
      step: "tooMuch",
      paid: 300n,
      rest: 700n,
    });
    assert.deepEqual(unstakeStep({ ...facts, wanted: "all", stake: 0n }), {
      step: "tooMuch",
      paid: 0n,
      rest: 0n,
    });
  });
});
