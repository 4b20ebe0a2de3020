import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DEFAULT_ASSUMPTIONS } from "./assumptions.ts";
import { type Comparison, compareStrategy, type Twins } from "./compareStrategy.ts";
import type { Strategy } from "./Strategy.ts";
import { strategies } from "./strategies/index.ts";
import { createWorld } from "./world/createWorld.ts";
import { runWorld } from "./world/runWorld.ts";

/** Where being served is worth little more than it costs, not paying would show. */
const size = { epochs: 70, worlds: 2, seed: 5, assume: { valueOverPrice: 1.2 } };
const twins: Twins = new Map();

function compare(name: string): Comparison {
  const strategy = strategies.find((candidate) => candidate.name === name);
  assert.ok(strategy, name);
  return compareStrategy(strategy, size, twins);
}

describe("cheating against honesty", function () {
  this.timeout(60_000);

  it("an honest world is its own twin, to the last unit", () => {
    const { gainUsdPerEpoch, victimsLossUsdPerEpoch, honestUsdPerEpoch } = compare("honesty");
    assert.deepEqual([gainUsdPerEpoch, victimsLossUsdPerEpoch], [0, 0]);
    assert.ok(honestUsdPerEpoch > 0, "an honest node earns");
  });

  it("the same seed gives the same figures", () => {
    const again = compareStrategy(
      strategies.find(({ name }) => name === "node-triples") as Strategy,
      size,
      new Map(),
    );
    assert.deepEqual(again, compare("node-triples"));
  });

  // The protocol promises that these gain nothing; what is left of a gain would be a unit of rounding.
  for (const name of [
    "node-signs-two-batches",
    "node-reports-without-a-seat",
    "node-retires-and-reports-on",
    "owner-asks-credit-back-after-each-epoch",
    "owner-keeps-a-ripe-thaw",
    "owner-changes-terms-before-receipts",
    "owner-disputes-hoping-for-a-draw",
    "owner-has-no-credit",
    "owner-raises-cap-without-credit",
    "owner-sets-the-least-cap",
    "owner-is-node-and-pays-itself",
    "outsider-floods",
    "outsider-lapses-names",
    "operator-key-stolen",
    "guardian-pauses-whenever-it-can",
  ]) {
    it(`${name} gains nothing`, () => {
      const { gainUsdPerEpoch } = compare(name);
      assert.ok(gainUsdPerEpoch < 1e-9, String(gainUsdPerEpoch));
    });
  }

  it("what pays by docs/economics.md is seen to pay, with its victims", () => {
    for (const name of ["node-invents-for-absent-owners", "node-hires-a-flooder", "arbiter-robs-nodes"]) {
      const { gainUsdPerEpoch, victimsLossUsdPerEpoch, boundUsdPerEpoch = 0 } = compare(name);
      assert.ok(gainUsdPerEpoch > 0 && victimsLossUsdPerEpoch > 0, name);
      assert.ok(gainUsdPerEpoch <= boundUsdPerEpoch, `${name} keeps its bound`);
    }
  });

  it("every strategy has a name of its own", () => {
    assert.equal(new Set(strategies.map(({ name }) => name)).size, strategies.length);
  });

  it("docs/economics.md has a row for each, and says what it tries", async () => {
    const page = await readFile(join(import.meta.dirname, "../../docs/economics.md"), "utf8");
    for (const { name, tries } of strategies) {
      assert.equal(page.split(`\n| ${name} |`).length, 3, `${name} stands in both tables`);
      assert.ok(page.includes(`| ${name} | ${tries} |`), `what ${name} tries`);
    }
  });

  it("a unit that vanishes ends the run", () => {
    const world = createWorld({ assumptions: DEFAULT_ASSUMPTIONS, seed: 1 });
    world.hooks.push(({ epoch, model }) => {
      if (epoch === 6) model.held -= 1n;
    });
    assert.throws(() => runWorld(world, 10), /^Error: epoch 6 of seed 1: escrow = credits \+ held \+ fees/);
  });
});
