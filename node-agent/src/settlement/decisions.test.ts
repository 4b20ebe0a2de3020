import assert from "node:assert/strict";
import { nodes } from "@worker3/sdk";
import { type BatchStepParameters, batchStep } from "./batchStep.ts";
import { type DueClaimParameters, dueClaim } from "./dueClaim.ts";
import { type DuePresenceParameters, duePresence, type Presence } from "./duePresence.ts";
import { isDue } from "./isDue.ts";
import { type Moment, momentOf } from "./momentOf.ts";
import { type UsageFateParameters, usageFate } from "./usageFate.ts";

const times = {
  genesis: 1_000,
  epochSeconds: 100,
  late: 3,
  dispute: 3,
  decide: 5,
  creditThaw: 5,
  stakeThaw: 14,
};

/** `head` and `final` in epochs, with their parts. */
function at(head: number, final = head): Moment {
  return {
    times,
    headSeconds: times.genesis + head * 100,
    headEpoch: Math.floor(head),
    finalEpoch: Math.floor(final),
  };
}

describe("the moment of settlement", () => {
  const view = (headSeconds: number, finalSeconds: number) => ({
    network: { times } as Parameters<typeof momentOf>[0]["network"],
    headSeconds: () => headSeconds,
    finalSeconds: () => finalSeconds,
  });
  for (const [head, final, headEpoch, finalEpoch] of [
    [1_099, 1_099, 0, 0],
    [1_100, 1_099, 1, 0],
    [1_550, 0, 5, -1],
    [0, 0, -1, -1],
  ] as const) {
    it(`head at ${head}, final at ${final}: epochs ${headEpoch} and ${finalEpoch}`, () => {
      const moment = momentOf(view(head, final));
      assert.deepEqual([moment.headEpoch, moment.finalEpoch], [headEpoch, finalEpoch]);
    });
  }
});

describe("the usage of epoch 5", () => {
  const base = { epoch: 5, isClosed: true, isRetired: false };
  const table: [string, Partial<UsageFateParameters> & { moment: Moment }, ReturnType<typeof usageFate>][] = [
    ["waits while the epoch lasts", { moment: at(5.9) }, "wait"],
    ["waits while its end is not final", { moment: at(7, 5.9) }, "wait"],
    ["is written once its end is final", { moment: at(6) }, "write"],
    ["waits for an edge process", { moment: at(6.24), isClosed: false }, "wait"],
    ["does not wait for ever", { moment: at(6.25), isClosed: false }, "write"],
    ["is written until the deadline", { moment: at(8.9) }, "write"],
    ["waits where the deadline is over and not final", { moment: at(9, 8.9) }, "wait"],
    ["is late when the deadline is over for good", { moment: at(9) }, "late"],
    ["counts for nothing where the node is retired", { moment: at(6), isRetired: true }, "retired"],
  ];
  for (const [rule, parameters, fate] of table)
    it(rule, () => assert.equal(usageFate({ ...base, ...parameters }), fate));
});

describe("a statement of epoch 5", () => {
  const table: [string, number, { batch?: number; triedEpoch?: number }, boolean][] = [
    ["is put into a batch in the next epoch", 6, {}, true],
    ["is put into one until the deadline", 8, {}, true],
    ["is put into none after it", 9, {}, false],
    ["is put into none while it stands in one", 6, { batch: 1 }, false],
    ["is tried once in an epoch", 6, { triedEpoch: 6 }, false],
    ["is tried again in the next", 7, { triedEpoch: 6 }, true],
  ];
  for (const [rule, head, { batch, triedEpoch }, due] of table)
    it(rule, () => assert.equal(isDue({ epoch: 5, batch, triedEpoch }, at(head)), due));
});

describe("a batch of epoch 5", () => {
  const base: BatchStepParameters = {
    epoch: 5,
    moment: at(6),
    counted: undefined,
    transaction: undefined,
    isShared: false,
    isRetired: false,
    pausedUntil: 0,
    nowMs: 1_000_000,
  };
  const failed = { state: "failed", changedMs: 1_000_000 - 4_167 } as const;
  const table: [string, Partial<BatchStepParameters>, ReturnType<typeof batchStep>][] = [
    ["is sent", {}, "send"],
    ["waits while submissions are paused", { pausedUntil: 1_601 }, "wait"],
    ["is sent when the pause ends", { pausedUntil: 1_600 }, "send"],
    ["waits while its transaction is queued", { transaction: { ...failed, state: "queued" } }, "wait"],
    ["waits while its transaction is on its way", { transaction: { ...failed, state: "sent" } }, "wait"],
    [
      "waits until the fact of its transaction is booked",
      { transaction: { ...failed, state: "final" } },
      "wait",
    ],
    ["waits while what was counted may be undone", { counted: { isFinal: false } }, "wait"],
    ["is closed when it was counted for good", { counted: { isFinal: true } }, "close"],
    ["is sent again when its transaction failed", { transaction: failed }, "again"],
    ["has a rest first", { transaction: { ...failed, changedMs: failed.changedMs + 1 } }, "wait"],
    ["is not sent after the deadline", { moment: at(9, 8) }, "wait"],
    ["is closed when the deadline is over for good", { moment: at(9) }, "close"],
    [
      "waits while its shared transaction is on its way",
      { isShared: true, transaction: { ...failed, state: "mined" } },
      "wait",
    ],
    [
      "goes alone when its shared transaction failed, without a rest",
      { isShared: true, transaction: { ...failed, changedMs: 1_000_000 } },
      "alone",
    ],
    [
      "goes alone when its shared transaction is final and did not count it",
      { isShared: true, transaction: { ...failed, state: "final" } },
      "alone",
    ],
    [
      "does not where the shared transaction counted it",
      { isShared: true, counted: { isFinal: false }, transaction: { ...failed, state: "final" } },
      "wait",
    ],
    ["is not sent where the node is retired", { isRetired: true }, "wait"],
  ];
  for (const [rule, parameters, step] of table)
    it(rule, () => assert.equal(batchStep({ ...base, ...parameters }), step));
});

describe("a claim", () => {
  const base: DueClaimParameters = {
    moment: at(20),
    waiting: [],
    payable: 0n,
    lastClaim: 12,
    claimEveryEpochs: 3,
  };
  const table: [string, Partial<DueClaimParameters>, readonly number[] | undefined][] = [
    ["is not made of nothing", {}, undefined],
    ["waits for more epochs", { waiting: [12, 13] }, undefined],
    ["is made when enough wait", { waiting: [11, 12, 13] }, [11, 12, 13]],
    ["waits no longer than twice as long", { waiting: [7] }, [7]],
    ["waits so long", { waiting: [8] }, undefined],
    ["is made of what is payable", { payable: 1n }, []],
    [
      "of what is payable no sooner than twice as long after the last one",
      { payable: 1n, lastClaim: 15 },
      undefined,
    ],
    [
      "is not made by itself where that is off",
      { waiting: [1, 2, 3, 4], payable: 9n, claimEveryEpochs: 0 },
      undefined,
    ],
  ];
  for (const [rule, parameters, epochs] of table)
    it(rule, () => assert.deepEqual(dueClaim({ ...base, ...parameters }), epochs));

  it("holds no more epochs than fit a block", () => {
    const waiting = Array.from({ length: 300 }, (_, i) => i);
    assert.equal(dueClaim({ ...base, waiting, moment: at(400) })?.length, 128);
  });
});

describe("what a node says of itself on chain", () => {
  const LEAST = 250_000n;
  const base = {
    headEpoch: 10,
    epochs: 30,
    leastCap: LEAST,
    isFull: false,
    hasSeats: false,
    isRetired: false,
  };
  const until = (untilEpoch: number, leastCap = LEAST): Presence => ({ untilEpoch, leastCap });
  const full = { isFull: true, leastCap: nodes.FULL };
  const table: [rule: string, Partial<DuePresenceParameters>, said: Presence, Presence | undefined][] = [
    ["is said at first", {}, until(0, 0n), until(40)],
    ["stays while half of its time is left", {}, until(25), undefined],
    ["is renewed after that", {}, until(24), until(40)],
    ["is renewed when it ran out", {}, until(3), until(40)],
    ["is said at once where the least cap is another", {}, until(39, 0n), until(40)],
    ["is that it is full, at once", full, until(39), until(40, nodes.FULL)],
    [
      "is renewed of a full node with seats",
      { ...full, hasSeats: true },
      until(24, nodes.FULL),
      until(40, nodes.FULL),
    ],
    [
      "is renewed of one that was down so long that it ran out",
      { ...full, hasSeats: true },
      until(3),
      until(40, nodes.FULL),
    ],
    ["is not renewed of a full node without seats", full, until(24, nodes.FULL), undefined],
    ["is nothing of a full node without seats that never said anything", full, until(0, 0n), undefined],
    ["is that it takes seats again", {}, until(39, nodes.FULL), until(40)],
    ["is nothing where the node is retired", { isRetired: true, hasSeats: true }, until(10), undefined],
    ["is nothing where its operator says it", { epochs: 0 }, until(0, 0n), undefined],
  ];
  for (const [rule, parameters, said, due] of table)
    it(rule, () => assert.deepEqual(duePresence({ ...base, said, ...parameters }), due));
});
