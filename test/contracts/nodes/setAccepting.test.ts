import assert from "node:assert/strict";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import { assertions, currentEpoch, nextEpoch, registerNode, USD, type Wallet } from "../support/scenario.ts";

async function withNode() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { accepting: false });
  await nextEpoch(t);
  return { ...t, nodeId };
}
type WithNode = Awaited<ReturnType<typeof withNode>>;

const set = (t: WithNode, untilEpoch: number, by: Wallet = t.operator1) =>
  t.nodes.write.setAccepting([t.nodeId, untilEpoch], { account: by.account });

describe("NodeRegistry.setAccepting", () => {
  it("puts the node into the pool of its region", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = await currentEpoch(t);
    await assertions.emitWithArgs(set(t, epoch + 5), t.nodes, "AcceptingSet", [t.nodeId, epoch + 5]);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).acceptingUntil, epoch + 5);
    assert.equal(await t.nodes.read.poolSize([3]), 1n);
    assert.deepEqual(await t.nodes.read.draw([1n, 1 << 3, 0n]), [t.nodeId]);
  });

  it("promises 30 epochs at most, and not the past", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = await currentEpoch(t);
    for (const until of [1, epoch - 1, epoch + 31, 2 ** 24 + epoch, 2 ** 32 - 1]) {
      await assertions.revertWithCustomErrorWithArgs(set(t, until), t.nodes, "AcceptingUntil", [
        until,
        epoch,
        epoch + 30,
      ]);
    }
    for (const until of [epoch, epoch + 30]) {
      await set(t, until);
      assert.equal((await t.nodes.read.nodeOf([t.nodeId])).acceptingUntil, until);
    }
  });

  it("counts from the first to the last second of an epoch", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = (await currentEpoch(t)) + 2;
    await atLastSecondOf(t, epoch);
    await set(t, epoch);
    await atFirstSecondOf(t, epoch + 1);
    await assertions.revertWithCustomErrorWithArgs(set(t, epoch), t.nodes, "AcceptingUntil", [
      epoch,
      epoch + 1,
      epoch + 31,
    ]);
  });

  it("takes the node out of the pool with 0: it is full", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await set(t, (await currentEpoch(t)) + 5);
    await assertions.emitWithArgs(set(t, 0), t.nodes, "AcceptingSet", [t.nodeId, 0]);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).acceptingUntil, 0);
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
    await set(t, 0);
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
  });

  it("renews a promise without a second place in the pool", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await set(t, (await currentEpoch(t)) + 1);
    const epoch = await nextEpoch(t, 5);
    await set(t, epoch + 30);
    assert.equal(await t.nodes.read.poolSize([3]), 1n);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).acceptingUntil, epoch + 30);
  });

  it("is for the owner and the operator, and nobody else", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = await currentEpoch(t);
    await set(t, epoch + 1, t.operator1);
    await set(t, epoch + 2, t.nodeOwner1);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).acceptingUntil, epoch + 2);
    for (const by of [t.stranger, t.operator2, t.admin]) {
      await assertions.revertWithCustomErrorWithArgs(set(t, 0, by), t.nodes, "NotNodeKeeper", [
        t.nodeId,
        by.account.address,
      ]);
    }
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.setAccepting([6, 0], { account: t.operator1.account }),
      t.nodes,
      "UnknownNode",
      [6],
    );
  });

  it("is over for a retired node, which may still say that it is full", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = await currentEpoch(t);
    await t.nodes.write.requestUnstake([t.nodeId, 1_000n * USD], { account: t.nodeOwner1.account });
    await assertions.revertWithCustomErrorWithArgs(set(t, epoch + 1), t.nodes, "NodeRetired", [
      t.nodeId,
      epoch + 1,
    ]);
    await set(t, 0);
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
  });
});
