import assert from "node:assert/strict";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  assertions,
  currentEpoch,
  FULL,
  nextEpoch,
  registerNode,
  USD,
  type Wallet,
} from "../support/scenario.ts";
import { slashAsSettlement } from "../support/slash.ts";

async function withNode() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { present: false });
  await nextEpoch(t);
  return { ...t, nodeId };
}
type WithNode = Awaited<ReturnType<typeof withNode>>;

const set = (t: WithNode, untilEpoch: number, leastCap = 0, by: Wallet = t.operator1) =>
  t.nodes.write.setPresence([t.nodeId, untilEpoch, leastCap], { account: by.account });
const presenceOf = async (t: WithNode) => {
  const { presentUntil, leastCap } = await t.nodes.read.nodeOf([t.nodeId]);
  return [presentUntil, leastCap];
};

describe("NodeRegistry.setPresence", () => {
  it("puts the node into the pool of its region", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = await currentEpoch(t);
    await assertions.emitWithArgs(set(t, epoch + 5, 70_000), t.nodes, "PresenceSet", [
      t.nodeId,
      epoch + 5,
      70_000,
    ]);
    assert.deepEqual(await presenceOf(t), [epoch + 5, 70_000]);
    assert.equal(await t.nodes.read.poolSize([3]), 1n);
    assert.deepEqual(await t.nodes.read.draw([1n, 1 << 3, 0n, 70_000]), [t.nodeId]);
  });

  it("promises 30 epochs at most, and not the past", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = await currentEpoch(t);
    for (const until of [0, 1, epoch - 1, epoch + 31, 2 ** 24 + epoch, 2 ** 32 - 1]) {
      await assertions.revertWithCustomErrorWithArgs(set(t, until), t.nodes, "PresenceOutOfRange", [
        until,
        epoch,
        epoch + 30,
      ]);
    }
    for (const until of [epoch, epoch + 30]) {
      await set(t, until);
      assert.deepEqual(await presenceOf(t), [until, 0]);
    }
  });

  it("counts from the first to the last second of an epoch", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = (await currentEpoch(t)) + 2;
    await atLastSecondOf(t, epoch);
    await set(t, epoch);
    await atFirstSecondOf(t, epoch + 1);
    await assertions.revertWithCustomErrorWithArgs(set(t, epoch), t.nodes, "PresenceOutOfRange", [
      epoch,
      epoch + 1,
      epoch + 31,
    ]);
  });

  it("takes any least cap, up to that of a full node", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = await currentEpoch(t);
    for (const leastCap of [0, 1, 50_000, FULL - 1, FULL]) {
      await set(t, epoch, leastCap);
      assert.deepEqual(await presenceOf(t), [epoch, leastCap]);
    }
  });

  it("takes a full node out of the pool, and says all the same that it lives", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = await currentEpoch(t);
    await set(t, epoch + 5);
    await assertions.emitWithArgs(set(t, epoch + 9, FULL), t.nodes, "PresenceSet", [
      t.nodeId,
      epoch + 9,
      FULL,
    ]);
    assert.deepEqual(await presenceOf(t), [epoch + 9, FULL]);
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
    await set(t, epoch + 9, FULL);
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
    await set(t, epoch + 9, FULL - 1);
    assert.equal(await t.nodes.read.poolSize([3]), 1n, "it has room again");
  });

  it("renews a presence without a second place in the pool", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await set(t, (await currentEpoch(t)) + 1);
    const epoch = await nextEpoch(t, 5);
    await set(t, epoch + 30);
    assert.equal(await t.nodes.read.poolSize([3]), 1n);
    assert.deepEqual(await presenceOf(t), [epoch + 30, 0]);
  });

  it("is for the owner and the operator, and nobody else", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = await currentEpoch(t);
    await set(t, epoch + 1, 1, t.operator1);
    await set(t, epoch + 2, 2, t.nodeOwner1);
    assert.deepEqual(await presenceOf(t), [epoch + 2, 2]);
    for (const by of [t.stranger, t.operator2, t.admin]) {
      await assertions.revertWithCustomErrorWithArgs(set(t, epoch, FULL, by), t.nodes, "NotNodeKeeper", [
        t.nodeId,
        by.account.address,
      ]);
    }
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.setPresence([6, epoch, 0], { account: t.operator1.account }),
      t.nodes,
      "UnknownNode",
      [6],
    );
  });

  it("is over for a node that retired, also to say that it is full", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = await currentEpoch(t);
    await t.nodes.write.requestUnstake([t.nodeId, 12_000n * USD], { account: t.nodeOwner1.account });
    for (const leastCap of [0, FULL]) {
      await assertions.revertWithCustomErrorWithArgs(set(t, epoch + 1, leastCap), t.nodes, "NodeRetired", [
        t.nodeId,
        epoch + 1,
      ]);
    }
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
  });

  it("goes on, without a place in the pool, while a slash may still be made up for", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const { account } = t.nodeOwner1;
    await t.nodes.write.requestUnstake([t.nodeId, 11_000n * USD], { account });
    const epoch = await nextEpoch(t);
    await set(t, epoch + 5);
    await slashAsSettlement(t, t.nodeId, 1n);
    await set(t, epoch + 9);
    assert.deepEqual(await presenceOf(t), [epoch + 9, 0]);
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
    await atLastSecondOf(t, epoch + 1);
    await set(t, epoch + 10);
    await atFirstSecondOf(t, epoch + 2);
    await assertions.revertWithCustomErrorWithArgs(set(t, epoch + 10), t.nodes, "NodeRetired", [
      t.nodeId,
      epoch + 2,
    ]);
  });
});

describe("Presence and acceptance", () => {
  it("are two things: a full node lives on for as long as it says so", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    for (let round = 0; round < 5; round++) {
      await set(t, (await currentEpoch(t)) + 30, FULL);
      await nextEpoch(t, 30);
      assert.equal(await t.nodes.read.isGone([t.nodeId]), false);
    }
  });

  it("are two things: a node that last said that it is full, and died, is gone", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = await currentEpoch(t);
    await set(t, epoch + 3, FULL);
    await nextEpoch(t, 3 + 2);
    assert.equal(await t.nodes.read.isGone([t.nodeId]), false, "absent for two epochs, the second not over");
    await nextEpoch(t);
    assert.equal(await t.nodes.read.isGone([t.nodeId]), true);
    await set(t, epoch + 6, FULL);
    assert.equal(await t.nodes.read.isGone([t.nodeId]), false, "it says that it lives");
  });
});
