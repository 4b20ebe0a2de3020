import assert from "node:assert/strict";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  assertions,
  createProject,
  currentEpoch,
  fundWallet,
  nextEpoch,
  registerNode,
  signBatch,
  submitBatch,
  submitUsage,
  termsOf,
  USD,
} from "../support/scenario.ts";

const STAKE = 3_000n * USD;
const MIN_STAKE = 1_000n * USD;

async function withNode() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { stake: STAKE });
  const projectId = await createProject(t, { nodeIds: [nodeId] });
  await nextEpoch(t);
  return { ...t, nodeId, projectId };
}
type WithNode = Awaited<ReturnType<typeof withNode>>;

const request = (t: WithNode, amount: bigint) =>
  t.nodes.write.requestUnstake([t.nodeId, amount], { account: t.nodeOwner1.account });

describe("NodeRegistry.requestUnstake", () => {
  it("starts a thaw, and the stake still counts in full", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = await currentEpoch(t);
    await assertions.emitWithArgs(request(t, 500n * USD), t.nodes, "UnstakeRequested", [
      t.nodeId,
      500n * USD,
      epoch,
    ]);
    const node = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([node.stake, node.thawing, node.thawEpoch], [STAKE, 500n * USD, epoch]);
  });

  it("replaces an earlier request and restarts its time", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, 500n * USD);
    const later = await nextEpoch(t, 19);
    await request(t, 20n * USD);
    const node = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([node.thawing, node.thawEpoch], [20n * USD, later]);
    await nextEpoch(t, 19);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.withdrawStake([t.nodeId], { account: t.nodeOwner1.account }),
      t.nodes,
      "StakeStillThaws",
      [t.nodeId, later + 19],
    );
  });

  it("keeps a node that keeps the least stake, in the pool and in its seats", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, STAKE - MIN_STAKE);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).retiredFrom, 0);
    assert.equal(await t.nodes.read.poolSize([3]), 1n);
    const epoch = await currentEpoch(t);
    await nextEpoch(t);
    await submitUsage(t, { nodeId: t.nodeId, epoch, receipts: [{ projectId: t.projectId }] });
    assert.equal(await t.settlement.read.isCounted([t.projectId, epoch, 0]), true);
  });

  it("retires a node that keeps one unit less: this epoch is its last", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = await currentEpoch(t);
    await assertions.emitWithArgs(request(t, STAKE - MIN_STAKE + 1n), t.nodes, "Retired", [
      t.nodeId,
      epoch + 1,
      false,
    ]);
    const node = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([node.retiredFrom, node.isLiftable], [epoch + 1, false]);
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.read.requireSeatable([termsOf([t.nodeId], 1_000), termsOf([t.nodeId])]),
      t.nodes,
      "NodeRetired",
      [t.nodeId, epoch + 1],
    );
  });

  it("counts the receipts of a retired node up to its last epoch and none after it", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const last = await currentEpoch(t);
    await request(t, STAKE);
    await nextEpoch(t, 2);
    const after = await signBatch(t, {
      nodeId: t.nodeId,
      epoch: last + 1,
      receipts: [{ projectId: t.projectId }],
    });
    await assertions.revertWithCustomErrorWithArgs(
      submitBatch(t, after),
      t.settlement,
      "UsageAfterRetirement",
      [t.nodeId, last + 1, last + 1],
    );
    await submitUsage(t, { nodeId: t.nodeId, epoch: last, receipts: [{ projectId: t.projectId }] });
    assert.equal(await t.settlement.read.isCounted([t.projectId, last, 0]), true);
  });

  it("is final where it retires: neither stake, nor a smaller request, nor the agent undo it", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const owner = t.nodeOwner1;
    await request(t, STAKE);
    const { retiredFrom } = await t.nodes.read.nodeOf([t.nodeId]);
    await nextEpoch(t, 3);
    await fundWallet(t, owner, STAKE);
    await t.nodes.write.addStake([t.nodeId, STAKE], { account: owner.account });
    await request(t, 1n);
    await t.nodes.write.cancelUnstake([t.nodeId], { account: owner.account });
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).retiredFrom, retiredFrom);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.setPresence([t.nodeId, (await currentEpoch(t)) + 1, 0], {
        account: t.operator1.account,
      }),
      t.nodes,
      "NodeRetired",
      [t.nodeId, retiredFrom],
    );
  });

  it("does not move the end of a node that retired before", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, STAKE);
    const { retiredFrom } = await t.nodes.read.nodeOf([t.nodeId]);
    await nextEpoch(t, 4);
    const hash = await request(t, STAKE);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).retiredFrom, retiredFrom);
    const { blockHash } = await t.publicClient.getTransactionReceipt({ hash });
    assert.deepEqual(await t.nodes.getEvents.Retired({}, { blockHash }), []);
  });

  it("takes 1 to the whole stake", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    for (const amount of [0n, STAKE + 1n]) {
      await assertions.revertWithCustomErrorWithArgs(request(t, amount), t.nodes, "UnstakeOutOfRange", [
        amount,
        STAKE,
      ]);
    }
    await request(t, 1n);
    await request(t, STAKE);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).thawing, STAKE);
  });

  it("is the owner's alone: not the operator's, not anyone's", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    for (const { account } of [t.operator1, t.stranger, t.nodeOwner2]) {
      await assertions.revertWithCustomErrorWithArgs(
        t.nodes.write.requestUnstake([t.nodeId, 1n], { account }),
        t.nodes,
        "NotNodeOwner",
        [t.nodeId, account.address, t.nodeOwner1.account.address],
      );
    }
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.requestUnstake([99, 1n], { account: t.nodeOwner1.account }),
      t.nodes,
      "UnknownNode",
      [99],
    );
  });
});
