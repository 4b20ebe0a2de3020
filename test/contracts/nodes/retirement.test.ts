import assert from "node:assert/strict";
import type { Hex } from "viem";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  assertions,
  createProject,
  currentEpoch,
  FULL,
  fundWallet,
  nextEpoch,
  registerNode,
  signBatch,
  submitBatch,
  submitUsage,
  termsOf,
  USD,
  zoneName,
} from "../support/scenario.ts";
import { slashAsSettlement } from "../support/slash.ts";

const MIN_STAKE = 1_000n * USD;
const CAP = Number(USD);
const REGION = 1 << 3;

/** A node with exactly the least stake, alone in its region, and a project on it, in the first second of an epoch. */
async function withLeastNode() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { stake: MIN_STAKE });
  const projectId = await createProject(t, { nodeIds: [nodeId] });
  for (const wallet of [t.nodeOwner1, t.stranger]) await fundWallet(t, wallet, 10_000n * USD);
  const epoch = await nextEpoch(t);
  return { ...t, nodeId, projectId, epoch };
}
type WithNode = Awaited<ReturnType<typeof withLeastNode>>;

/** The same, one unit of its stake slashed in `epoch`. */
async function withSlashedNode() {
  const t = await withLeastNode();
  await slashAsSettlement(t, t.nodeId, 1n);
  return t;
}

const load = () => networkHelpers.loadFixture(withSlashedNode);
const nodeOf = (t: WithNode) => t.nodes.read.nodeOf([t.nodeId]);
const add = (t: WithNode, amount: bigint) =>
  t.nodes.write.addStake([t.nodeId, amount], { account: t.stranger.account });
const request = (t: WithNode, amount: bigint) =>
  t.nodes.write.requestUnstake([t.nodeId, amount], { account: t.nodeOwner1.account });
const setPresence = (t: WithNode, until: number, leastCap: number) =>
  t.nodes.write.setPresence([t.nodeId, until, leastCap], { account: t.operator1.account });
const retirementOf = async (t: WithNode) => {
  const { retiredFrom, isLiftable } = await nodeOf(t);
  return [retiredFrom, isLiftable];
};
const eventsOf = async (t: WithNode, sent: Promise<Hex>) => {
  const { blockHash } = await t.publicClient.getTransactionReceipt({ hash: await sent });
  const [retired, lifted] = await Promise.all([
    t.nodes.getEvents.Retired({}, { blockHash }),
    t.nodes.getEvents.RetirementLifted({}, { blockHash }),
  ]);
  return { retired: retired.map(({ args }) => args), lifted: lifted.map(({ args }) => args) };
};
const isSeatable = (t: WithNode) => t.nodes.read.requireSeatable([termsOf([t.nodeId], CAP), 0n]);

describe("A slash that leaves less than the least stake", () => {
  it("retires the node in two epochs, and says that this may be taken back", async () => {
    const t = await networkHelpers.loadFixture(withLeastNode);
    await assertions.emitWithArgs(slashAsSettlement(t, t.nodeId, 1n), t.nodes, "Retired", [
      t.nodeId,
      t.epoch + 2,
      true,
    ]);
    assert.deepEqual(await retirementOf(t), [t.epoch + 2, true]);
  });

  it("gives the node no new seat meanwhile, neither drawn nor by name", async () => {
    const t = await load();
    const owner = { account: t.stranger.account };
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
    await setPresence(t, t.epoch + 9, 0);
    await assertions.revertWithCustomErrorWithArgs(
      t.projects.write.createProject([zoneName("drawn"), 1, REGION, CAP], owner),
      t.nodes,
      "NoNodes",
      [REGION],
    );
    await assertions.revertWithCustomErrorWithArgs(
      t.projects.write.createProjectOn([zoneName("named"), [t.nodeId], CAP], owner),
      t.nodes,
      "NodeRetired",
      [t.nodeId, t.epoch + 2],
    );
  });

  it("leaves the node the seats that it has: their owner may name it again", async () => {
    const t = await load();
    await t.projects.write.setReplicas([t.projectId, [t.nodeId]], { account: t.owner.account });
    assert.deepEqual((await t.projects.read.termsAt([t.projectId, t.epoch + 1]))[0], [t.nodeId]);
  });

  it("lets what is used in this epoch and the next count, and nothing after it", async () => {
    const t = await load();
    const usage = (epoch: number) => ({
      nodeId: t.nodeId,
      epoch,
      receipts: [{ projectId: t.projectId }],
    });
    await nextEpoch(t, 3);
    await assertions.revertWithCustomErrorWithArgs(
      submitBatch(t, await signBatch(t, usage(t.epoch + 2))),
      t.settlement,
      "UsageAfterRetirement",
      [t.nodeId, t.epoch + 2, t.epoch + 2],
    );
    for (const epoch of [t.epoch, t.epoch + 1]) {
      await submitUsage(t, usage(epoch));
      assert.equal(await t.settlement.read.isCounted([t.projectId, epoch, 0]), true);
    }
    const seats = [t.epoch, t.epoch + 1, t.epoch + 2].map((epoch) =>
      t.nodes.read.chargeableSeats([termsOf([t.nodeId]), epoch]),
    );
    assert.deepEqual(await Promise.all(seats), [1n, 1n, 0n]);
  });

  it("opens the seats to others in the next epoch, not at once", async () => {
    const t = await load();
    const vacant = () => t.nodes.read.vacantSeats([termsOf([t.nodeId], CAP)]);
    assert.deepEqual([await t.nodes.read.isGone([t.nodeId]), await vacant()], [false, 0n]);
    await nextEpoch(t);
    assert.deepEqual([await t.nodes.read.isGone([t.nodeId]), await vacant()], [true, 1n]);
    await add(t, 1n);
    assert.deepEqual([await t.nodes.read.isGone([t.nodeId]), await vacant()], [false, 0n]);
  });

  it("moves no retirement that stands, however often it comes", async () => {
    const t = await load();
    await nextEpoch(t);
    assert.deepEqual(await eventsOf(t, slashAsSettlement(t, t.nodeId, 1n)), { retired: [], lifted: [] });
    assert.deepEqual(await retirementOf(t), [t.epoch + 2, true]);
  });

  it("touches no node that its owner retired", async () => {
    const t = await networkHelpers.loadFixture(withLeastNode);
    await request(t, MIN_STAKE);
    assert.deepEqual(await eventsOf(t, slashAsSettlement(t, t.nodeId, 1n)), { retired: [], lifted: [] });
    assert.deepEqual(await retirementOf(t), [t.epoch + 1, false]);
  });
});

describe("A retirement by a slash", () => {
  for (const [when, at] of [
    ["in the epoch of the slash", (t: WithNode) => atLastSecondOf(t, t.epoch)],
    ["in the next, to its last second", (t: WithNode) => atLastSecondOf(t, t.epoch + 1)],
  ] as const) {
    it(`is lifted by whoever adds enough stake ${when}`, async () => {
      const t = await load();
      await at(t);
      const { retired, lifted } = await eventsOf(t, add(t, 1n));
      assert.deepEqual([retired, lifted], [[], [{ nodeId: t.nodeId }]]);
      assert.deepEqual(await retirementOf(t), [0, false]);
      assert.equal(await t.nodes.read.poolSize([3]), 1n);
      assert.deepEqual(await t.nodes.read.draw([1n, REGION, 0n, CAP]), [t.nodeId]);
      await isSeatable(t);
      await nextEpoch(t, 5);
      await submitUsage(t, {
        nodeId: t.nodeId,
        epoch: t.epoch + 2,
        receipts: [{ projectId: t.projectId }],
      });
    });
  }

  it("is final in the first second of its epoch: no stake brings the node back", async () => {
    const t = await load();
    await atFirstSecondOf(t, t.epoch + 2);
    const { retired, lifted } = await eventsOf(t, add(t, 5_000n * USD));
    assert.deepEqual([retired, lifted], [[], []]);
    assert.deepEqual(await retirementOf(t), [t.epoch + 2, false]);
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
    await assertions.revertWithCustomErrorWithArgs(isSeatable(t), t.nodes, "NodeRetired", [
      t.nodeId,
      t.epoch + 2,
    ]);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.read.requireSeatable([termsOf([t.nodeId], CAP), termsOf([t.nodeId])]),
      t.nodes,
      "NodeRetired",
      [t.nodeId, t.epoch + 2],
    );
  });

  it("is not lifted by one unit too little", async () => {
    const t = await networkHelpers.loadFixture(withLeastNode);
    await slashAsSettlement(t, t.nodeId, 100n * USD);
    await add(t, 100n * USD - 1n);
    assert.deepEqual(await retirementOf(t), [t.epoch + 2, true]);
    await add(t, 1n);
    assert.deepEqual(await retirementOf(t), [0, false]);
  });

  it("is not lifted by stake that thaws: what leaves backs nothing", async () => {
    const t = await networkHelpers.loadFixture(withLeastNode);
    await add(t, 500n * USD);
    await request(t, 500n * USD);
    await slashAsSettlement(t, t.nodeId, 1n);
    assert.deepEqual(await retirementOf(t), [t.epoch + 2, true]);
    await add(t, 0n);
    assert.deepEqual(await retirementOf(t), [t.epoch + 2, true]);
    // The request taken back, the stake is enough again; and adding, even nothing, says so.
    await t.nodes.write.cancelUnstake([t.nodeId], { account: t.nodeOwner1.account });
    assert.deepEqual(await retirementOf(t), [t.epoch + 2, true]);
    await add(t, 0n);
    assert.deepEqual(await retirementOf(t), [0, false]);
  });

  it("is followed by another where another slash follows", async () => {
    const t = await load();
    await add(t, 1n);
    await nextEpoch(t);
    await slashAsSettlement(t, t.nodeId, 1n);
    assert.deepEqual(await retirementOf(t), [t.epoch + 3, true]);
    await add(t, 1n);
    assert.deepEqual(await retirementOf(t), [0, false]);
  });

  it("brings a node back into the pool that is present and takes projects, and no other", async () => {
    for (const [nodeIs, until, leastCap, size] of [
      ["present", 1, 0, 1n],
      ["full", 1, FULL, 0n],
      ["absent", 0, 0, 0n],
    ] as const) {
      const t = await load();
      await setPresence(t, t.epoch + until, leastCap);
      await nextEpoch(t);
      await add(t, 1n);
      assert.deepEqual(await retirementOf(t), [0, false]);
      assert.equal(await t.nodes.read.poolSize([3]), size, `a node that is ${nodeIs}`);
    }
  });

  it("leaves a pruned node out of the pool until it says that it lives", async () => {
    const t = await networkHelpers.loadFixture(withLeastNode);
    await setPresence(t, t.epoch, 0);
    await nextEpoch(t);
    await t.nodes.write.prune([t.nodeId], { account: t.stranger.account });
    await slashAsSettlement(t, t.nodeId, 1n);
    await add(t, 1n);
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
    await setPresence(t, t.epoch + 1, 0);
    assert.equal(await t.nodes.read.poolSize([3]), 1n);
  });
});

describe("A node that its owner retires while a slash may be made up for", () => {
  it("retires with the earlier of the two, for good", async () => {
    const t = await load();
    const { retired, lifted } = await eventsOf(t, request(t, MIN_STAKE - 1n));
    assert.deepEqual(
      [retired, lifted],
      [[{ nodeId: t.nodeId, retiredFrom: t.epoch + 1, isLiftable: false }], []],
    );
    assert.deepEqual(await retirementOf(t), [t.epoch + 1, false]);
    await add(t, 5_000n * USD);
    assert.deepEqual(await retirementOf(t), [t.epoch + 1, false]);
  });

  it("never gets an epoch more: in the last epoch of the slash it is the same one", async () => {
    const t = await load();
    await nextEpoch(t);
    await request(t, 1n);
    assert.deepEqual(await retirementOf(t), [t.epoch + 2, false]);
    await t.nodes.write.cancelUnstake([t.nodeId], { account: t.nodeOwner1.account });
    await add(t, 5_000n * USD);
    assert.deepEqual(await retirementOf(t), [t.epoch + 2, false]);
  });

  it("keeps the end that it had when that is past", async () => {
    const t = await load();
    await nextEpoch(t, 7);
    assert.deepEqual(await eventsOf(t, request(t, 1n)), { retired: [], lifted: [] });
    assert.deepEqual(await retirementOf(t), [t.epoch + 2, false]);
  });

  it("retires also by a withdrawal that leaves too little", async () => {
    const t = await networkHelpers.loadFixture(withLeastNode);
    await add(t, 500n * USD);
    await request(t, 500n * USD);
    const epoch = await nextEpoch(t, 20);
    await slashAsSettlement(t, t.nodeId, 1n);
    assert.deepEqual(await retirementOf(t), [epoch + 2, true]);
    await t.nodes.write.withdrawStake([t.nodeId], { account: t.nodeOwner1.account });
    assert.deepEqual(await retirementOf(t), [epoch + 1, false]);
    assert.equal(await currentEpoch(t), epoch);
  });
});
