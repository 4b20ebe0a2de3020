import assert from "node:assert/strict";
import { replayStrategy } from "./replayStrategy.ts";
import { strategies } from "./strategies/index.ts";

/** Together they release, dispute, decide, draw, refill, pause, retire, withdraw and change prices. */
const SAMPLE = [
  "node-triples",
  "meter-keys-stolen",
  "node-exits-with-24-seats",
  "draw-grinding",
  "owner-seats-ahead-and-takes-back",
  "owner-transfers-before-receipts",
  "owner-disputes-hoping-for-a-draw",
  "owner-asks-credit-back-after-each-epoch",
  "admin-raises-fee",
  "guardian-pauses-whenever-it-can",
];
const EPOCHS = 8;

describe("simulated runs on the real contracts", function () {
  this.timeout(60_000);

  for (const name of SAMPLE) {
    it(`${name}: every call and every balance is as on the model`, async () => {
      const strategy = strategies.find((candidate) => candidate.name === name);
      assert.ok(strategy);
      const { done, valuesCompared } = await replayStrategy(strategy, EPOCHS, 3);
      assert.ok(
        (done.get("submit") ?? 0) > 20 && valuesCompared > 1_000,
        `${done.get("submit")} ${valuesCompared}`,
      );
    });
  }
});
