import assert from "node:assert/strict";
import { TEST_PRICES } from "../testing/deployNetwork.ts";
import { randomActions } from "../testing/modelChain/randomActions.ts";
import { replayActions } from "../testing/modelChain/replayActions.ts";
import { MODEL_ACTION_KINDS } from "./applyAction.ts";
import type { ModelParameters } from "./model.ts";
import { seededRandom } from "./seededRandom.ts";

const PARAMETERS: ModelParameters = {
  times: {
    genesis: 1_800_000_000,
    epochSeconds: 3_600,
    late: 4,
    dispute: 3,
    decide: 5,
    creditThaw: 6,
    stakeThaw: 19,
  },
  prices: TEST_PRICES,
  minStake: 100_000_000n,
  seatStakeFactor: 120n,
  maxSlashShareBps: 2_000n,
  defaultCap: 500_000n,
  maxCap: 10_000_000n,
  minBond: 5_000_000n,
  maxSlash: 150_000_000n,
  slashFloor: 5_000_000n,
  slashFactor: 100n,
  rewardFactor: 2n,
  arbiter: "arbiter",
  feeReceiver: "treasury",
  admin: "admin",
};

describe("the model of the contracts on a real chain", () => {
  it("takes and refuses random calls as the contracts do, and holds the same money after every epoch", async function () {
    this.timeout(120_000);
    // With this seed every kind of call comes to pass.
    const timed = randomActions(PARAMETERS, seededRandom(9), 1_000);
    const { done, refusals, valuesCompared } = await replayActions(PARAMETERS, timed);
    assert.deepEqual(
      [...MODEL_ACTION_KINDS].filter((kind) => !done.has(kind)),
      [],
      "kinds of calls that never came to pass",
    );
    assert.ok(
      refusals.size >= 45,
      `only ${refusals.size} reasons of refusal: ${[...refusals.keys()].join()}`,
    );
    assert.ok(valuesCompared > 10_000, `only ${valuesCompared} values compared`);
  });
});
