import assert from "node:assert/strict";
import { startOf } from "../support/clock.ts";
import { deployNodes, type TimeLine, timesOf } from "../support/hostile.ts";
import { deployNetwork, networkHelpers, viem } from "../support/network.ts";
import { assertions, type Network } from "../support/scenario.ts";

/** The shortest spans that are allowed, each at its bound. */
const SHORTEST = { epochSeconds: 10, late: 3, dispute: 1, decide: 1, creditThaw: 5, stakeThaw: 7 };

async function refuse(change: Partial<TimeLine>): Promise<void> {
  const t = await networkHelpers.loadFixture(deployNetwork);
  const times = { ...timesOf(t), ...SHORTEST, ...change };
  await assertions.revertWithCustomErrorWithArgs(deployNodes(t, { times }), t.nodes, "TimesOutOfBounds", [
    times,
  ]);
}

async function accept(change: Partial<TimeLine>): Promise<void> {
  const t = await networkHelpers.loadFixture(deployNetwork);
  const times = { ...timesOf(t), ...SHORTEST, ...change };
  assert.deepEqual(await (await deployNodes(t, { times })).read.times(), times);
}

describe("The time line", () => {
  it("takes the shortest spans and the longest", async () => {
    await accept({});
    await accept({
      epochSeconds: 2 ** 32 - 1,
      late: 7,
      dispute: 125,
      decide: 61,
      creditThaw: 255,
      stakeThaw: 255,
    });
  });

  it("has epochs of ten seconds or more, so that none passes without a block", async () => {
    for (const epochSeconds of [0, 1, 9]) await refuse({ epochSeconds });
  });

  it("gives 3 to 7 epochs to submit: a pause leaves two of them, and the ring remembers them all", async () => {
    await refuse({ late: 2 });
    await refuse({ late: 2, creditThaw: 4, stakeThaw: 6 });
    await accept({ late: 7, creditThaw: 9, stakeThaw: 11 });
    await refuse({ late: 8, creditThaw: 10, stakeThaw: 12 });
  });

  it("gives an epoch or more to dispute", () => refuse({ dispute: 0 }));

  it("gives an epoch or more to decide", () => refuse({ decide: 0 }));

  it("thaws credit for two epochs more than receipts may come", async () => {
    await refuse({ creditThaw: 4 });
    await accept({ late: 4, creditThaw: 6, stakeThaw: 8 });
    await refuse({ late: 4, creditThaw: 5, stakeThaw: 8 });
  });

  it("thaws stake until the last decision over its last epoch, which may have been extended once", async () => {
    await refuse({ stakeThaw: 6 });
    await refuse({ dispute: 2 });
    await refuse({ decide: 2 });
    await refuse({ decide: 2, stakeThaw: 8 }); // enough for decisions that are never extended
    await accept({ decide: 2, stakeThaw: 9 });
    await refuse({ late: 4, creditThaw: 6 });
    await refuse({ late: 4, dispute: 3, decide: 5, creditThaw: 6, stakeThaw: 17 });
    await accept({ late: 4, dispute: 3, decide: 5, creditThaw: 6, stakeThaw: 18 });
  });

  it("adds spans without losing what exceeds a byte", () =>
    refuse({ dispute: 255, decide: 255, creditThaw: 255, stakeThaw: 255 }));

  it("begins now or in the past, and never in the future", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const now = (await networkHelpers.time.latest()) + 10;
    await networkHelpers.time.setNextBlockTimestamp(now);
    await assertions.revertWithCustomErrorWithArgs(
      deployNodes(t, { times: { ...timesOf(t), genesis: now + 1 } }),
      t.nodes,
      "GenesisInFuture",
      [BigInt(now + 1), BigInt(now)],
    );
    await networkHelpers.time.setNextBlockTimestamp(now);
    const young = await deployNodes(t, { times: { ...timesOf(t), genesis: now } });
    assert.equal(await young.read.currentEpoch(), 0);
  });

  it("begins no longer ago than 2^20 epochs: there is room for fifteen times as many", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const times = timesOf(t);
    const now = (await networkHelpers.time.latest()) + 10;
    const oldest = now - 2 ** 20 * times.epochSeconds - (times.epochSeconds - 1);
    await networkHelpers.time.setNextBlockTimestamp(now);
    await assertions.revertWithCustomErrorWithArgs(
      deployNodes(t, { times: { ...times, genesis: oldest - 1 } }),
      t.nodes,
      "GenesisTooOld",
      [BigInt(oldest - 1), 2n ** 20n + 1n],
    );
    await networkHelpers.time.setNextBlockTimestamp(now);
    const nodes = await deployNodes(t, { times: { ...times, genesis: oldest } });
    assert.equal(await nodes.read.currentEpoch(), 2 ** 20);
  });

  it("is one for all contracts that keep time", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const times = timesOf(t);
    assert.deepEqual(times, { ...t.parameters.times, genesis: startOf(t, 0) });
    for (const clock of await clocks(t)) assert.deepEqual(await clock.read.times(), times);
  });

  it("turns to the next epoch in its first second", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    for (const epoch of [10, 11, 100_000]) {
      await networkHelpers.time.increaseTo(startOf(t, epoch) - 1);
      for (const clock of await clocks(t)) assert.equal(await clock.read.currentEpoch(), epoch - 1);
      await networkHelpers.time.increaseTo(startOf(t, epoch));
      for (const clock of await clocks(t)) assert.equal(await clock.read.currentEpoch(), epoch);
    }
  });
});

/** What each of them knows about time; the lens keeps nothing. */
const clocks = ({ nodes, projects, names, escrow, settlement }: Network) =>
  Promise.all(
    [nodes, projects, names, escrow, settlement].map(({ address }) =>
      viem.getContractAt("IEpochClock", address),
    ),
  );
