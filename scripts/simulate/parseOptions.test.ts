import assert from "node:assert/strict";
import { parseOptions } from "./parseOptions.ts";

const known = ["honesty", "node-invents-to-cap"];

describe("the arguments of npm run simulate", () => {
  it("none: every strategy for a year of epochs in four worlds", () => {
    const { epochs, worlds, seed, strategies, json, onChain } = parseOptions([], known);
    assert.deepEqual([epochs, worlds, seed, strategies, json, onChain], [365, 4, 1, [], false, false]);
  });

  it("strategies are named as often as one likes", () => {
    const args = ["--strategy", "honesty", "--strategy", "node-invents-to-cap", "--seed", "7", "--on-chain"];
    const options = parseOptions(args, known);
    assert.deepEqual([options.strategies, options.seed, options.onChain], [known, 7, true]);
  });

  it("assumptions are numbers by their name", () => {
    const { assume } = parseOptions(["--assume", "attention=0.1", "--assume", "capUsd=5"], known);
    assert.deepEqual(assume, { attention: 0.1, capUsd: 5 });
  });

  for (const [args, reason] of [
    [["--strategy", "node-dreams"], /no strategy "node-dreams".*honesty/],
    [["--epochs", "0"], /--epochs is "0"/],
    [["--worlds", "many"], /--worlds is "many"/],
    [["--seed", "1.5"], /--seed is "1.5"/],
    [["--assume", "luck=1"], /"luck=1".*attention/],
    [["--assume", "attention"], /KEY=NUMBER/],
    [["--assume", "attention=much"], /KEY=NUMBER/],
    [["--quick"], /quick/],
  ] as const) {
    it(`refuses ${args.join(" ")}`, () => assert.throws(() => parseOptions(args, known), reason));
  }
});
