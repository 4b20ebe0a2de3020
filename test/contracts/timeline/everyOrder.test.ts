import assert from "node:assert/strict";
import { setStage } from "./stage.ts";
import { type Walked, walkAtRandom, walkEveryOrder } from "./walk.ts";
import type { EventName } from "./world.ts";

const receipt: readonly EventName[] = [
  "submit",
  "release",
  "dispute",
  "decideGuilty",
  "decideInnocent",
  "draw",
  "claim",
];

/**
 * Every order of all seventeen events would be millions of moments. So a receipt's whole life is walked against the
 * stake, the credit, the terms and the owner in turn, in full; all together they are walked at random, from one seed. In
 * every moment of every walk all seventeen events are tried.
 */
describe("The time line, in every order of its events", () => {
  const walked: Record<string, Walked> = {};

  // Two chains at a time.
  before(async function () {
    this.timeout(300_000);
    await Promise.all([walkLateStart(), walkEarlyStart()]);
    for (const [name, { orders, moments, steps }] of Object.entries(walked)) {
      console.log(`    ${name}: ${orders} orders through ${moments} moments and ${steps} steps`);
    }
  });

  /** The project is there one epoch before the receipt's: retirement and new terms can come in time for it. */
  async function walkLateStart(): Promise<void> {
    const stage = await setStage(1);
    walked.stake = await walkEveryOrder(stage, {
      events: [...receipt, "extend", "requestUnstake", "withdrawStake"],
      until: 1,
    });
    walked.lift = await walkEveryOrder(stage, {
      events: ["submit", "dispute", "decideGuilty", "addStake", "requestUnstake", "withdrawStake"],
      until: 2,
    });
    walked.terms = await walkEveryOrder(stage, {
      events: [...receipt, "close", "setReplicas", "grow"],
      until: 0,
    });
    walked.owner = await walkEveryOrder(stage, { events: [...receipt, "transfer"], until: 0 });
  }

  /** Three epochs before: credit can be gone before the receipt is submitted. */
  async function walkEarlyStart(): Promise<void> {
    const stage = await setStage(3);
    walked.credit = await walkEveryOrder(stage, {
      events: [...receipt, "requestWithdraw", "withdraw"],
      until: 0,
    });
    walked.everything = await walkAtRandom(stage, 30, seeded(1));
  }

  const wentFarEnough = (name: string, least: Walked) => {
    const { orders, moments, steps } = walked[name] ?? { orders: 0n, moments: 0, steps: 0 };
    assert(
      orders >= least.orders && moments >= least.moments && steps >= least.steps,
      `${name}: only ${orders} orders through ${moments} moments and ${steps} steps`,
    );
  };

  it("a receipt and the stake behind it: no stake leaves before its last decision", () => {
    wentFarEnough("stake", { orders: 8_000n, moments: 1_400, steps: 780 });
  });

  it("a slash and new stake: what brings the stake back in time takes the retirement back, and only what a slash began", () => {
    wentFarEnough("lift", { orders: 1_000n, moments: 500, steps: 300 });
  });

  it("a receipt and the credit it charges: what was served with credit available is paid", () => {
    wentFarEnough("credit", { orders: 7_000n, moments: 1_150, steps: 1_000 });
  });

  it("a receipt and the terms: it is judged by those of its own epoch, grown while it ran or not, also of a closed project", () => {
    wentFarEnough("terms", { orders: 2_800n, moments: 1_900, steps: 880 });
  });

  it("a receipt and the owner: whoever owns the project decides, and a bond returns to whom it came from", () => {
    wentFarEnough("owner", { orders: 2_600n, moments: 440, steps: 350 });
  });

  it("all seventeen events together", () => {
    wentFarEnough("everything", { orders: 30n, moments: 400, steps: 200 });
  });
});

/** Numbers from 0 to 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
