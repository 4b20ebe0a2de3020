import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { unpackTerms } from "@worker3/sdk";
import { receiptKey } from "@worker3/sdk/model";
import { DEFAULT_ASSUMPTIONS } from "./assumptions.ts";
import { type Comparison, compareStrategy, startWorld, type Twins } from "./compareStrategy.ts";
import type { Strategy } from "./Strategy.ts";
import { strategies } from "./strategies/index.ts";
import { createWorld } from "./world/createWorld.ts";
import { runWorld } from "./world/runWorld.ts";
import type { World } from "./world/World.ts";

/** Where being served is worth little more than it costs, not paying would show. */
const size = { epochs: 70, worlds: 2, seed: 5, assume: { valueOverPrice: 1.2 } };
const twins: Twins = new Map();

function compare(name: string): Comparison {
  const strategy = strategies.find((candidate) => candidate.name === name);
  assert.ok(strategy, name);
  return compareStrategy(strategy, size, twins);
}

function cheatedWorld(name: string, epochs: number): World {
  const strategy = strategies.find((candidate) => candidate.name === name);
  assert.ok(strategy, name);
  const quiet = { projectChurn: 0, nodeChurn: 0, falseAlarm: 0 };
  const assumptions = { ...DEFAULT_ASSUMPTIONS, ...strategy.assumptions, ...quiet };
  const world = startWorld(strategy, assumptions, 5, true);
  runWorld(world, epochs);
  return world;
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
    "owner-seats-ahead-and-takes-back",
    "node-says-full-and-dies",
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

  it("nothing is served without a seat; where nodes served ahead of terms, seats that are taken back are free hosting", () => {
    assert.equal(cheatedWorld("owner-seats-ahead-and-takes-back", 30).unseated, 0n);
    const givenAway = cheatedWorld("owner-seats-ahead-where-nodes-serve-at-once", 30).unseated;
    assert.ok(givenAway > 5_000_000n, `${givenAway} base units`);
    assert.ok(compare("owner-seats-ahead-where-nodes-serve-at-once").gainUsdPerEpoch > 0);
  });

  it("dust charges of a node keep no dead project's name", () => {
    const { model } = cheatedWorld("node-keeps-a-dead-name-by-dust", 130);
    assert.ok(model.receipts.has(receiptKey(8n, 1, 90)), "it was charged after the notice");
    assert.equal(model.names.has("site-8-0"), false);
  });

  it("seats of a node that said full and died are refilled two epochs after the last that it promised", () => {
    const { model } = cheatedWorld("node-says-full-and-dies", 60);
    const left = model.projects.filter(
      ({ terms, closedFrom }) => closedFrom === 0 && unpackTerms(terms).nodeIds.includes(1),
    );
    assert.deepEqual(left.length, 0);
  });

  it("an arbiter and its accomplice take little of a stake, and only until the guardian looks", () => {
    const { model } = cheatedWorld("arbiter-and-accomplice-take-stakes", 50);
    assert.deepEqual(
      model.nodes.filter(({ retiredFrom }) => retiredFrom !== 0),
      [],
    );
    assert.equal(model.disputeParameters.arbiter, "another arbiter");
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
