import assert from "node:assert/strict";
import { zeroAddress } from "viem";
import { countUsage } from "../support/dispute.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import { addressOf, assertions, createProject, nextEpoch, registerNode } from "../support/scenario.ts";

async function withNode() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { region: 2 });
  const projectId = await createProject(t, { nodeIds: [nodeId] });
  return { ...t, nodeId, projectId };
}
type WithNode = Awaited<ReturnType<typeof withNode>>;

const propose = (t: WithNode, newOwner: `0x${string}`) =>
  t.nodes.write.transferOwnership([t.nodeId, newOwner], { account: t.nodeOwner1.account });

describe("NodeRegistry.transferOwnership", () => {
  it("proposes an owner, and the old one stays until that one accepts", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const heir = addressOf(t.nodeOwner2);
    await assertions.emitWithArgs(propose(t, heir), t.nodes, "OwnerProposed", [t.nodeId, heir]);
    const node = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([node.owner, node.pendingOwner], [addressOf(t.nodeOwner1), heir]);
  });

  it("is the owner's alone", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const { account } = t.operator1;
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.transferOwnership([t.nodeId, account.address], { account }),
      t.nodes,
      "NotNodeOwner",
      [t.nodeId, account.address, t.nodeOwner1.account.address],
    );
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.transferOwnership([4, account.address], { account }),
      t.nodes,
      "UnknownNode",
      [4],
    );
  });
});

describe("NodeRegistry.acceptOwnership", () => {
  const accept = (t: WithNode, account: `0x${string}`) =>
    t.nodes.write.acceptOwnership([t.nodeId], { account });

  it("makes the proposed one the owner; operator, region and endpoint stay", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const heir = addressOf(t.nodeOwner2);
    await propose(t, heir);
    const before = await t.nodes.read.nodeOf([t.nodeId]);
    const accepted = accept(t, heir);
    await assertions.emitWithArgs(accepted, t.nodes, "NodeOwnerAccepted", [t.nodeId, heir]);
    assert.deepEqual(await t.nodes.read.nodeOf([t.nodeId]), {
      ...before,
      owner: heir,
      pendingOwner: zeroAddress,
    });
    assert.equal(await t.nodes.read.ownerOf([t.nodeId]), heir);
    // Nothing that looks like another operator, region or endpoint.
    const { blockHash } = await t.publicClient.getTransactionReceipt({ hash: await accepted });
    assert.deepEqual(await t.nodes.getEvents.NodeUpdated({}, { blockHash }), []);
  });

  it("takes every power from the old owner", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const heir = t.nodeOwner2.account.address;
    await propose(t, heir);
    await accept(t, heir);
    await assertions.revertWithCustomErrorWithArgs(propose(t, heir), t.nodes, "NotNodeOwner", [
      t.nodeId,
      t.nodeOwner1.account.address,
      heir,
    ]);
    assert.equal(await t.nodes.read.isKeeper([t.nodeId, t.nodeOwner1.account.address]), false);
    await t.nodes.write.setPresence([t.nodeId, await t.nodes.read.currentEpoch(), 0], { account: heir });
  });

  it("gives the new owner what was earned and not claimed before", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const heir = t.nodeOwner2.account.address;
    const { epoch, amount } = await countUsage(t, { nodeId: t.nodeId, projectId: t.projectId });
    await propose(t, heir);
    await accept(t, heir);
    await nextEpoch(t, t.network.times.late + t.network.times.dispute);
    const fee = (amount * 500n) / 10_000n;
    await t.settlement.write.claim([t.nodeId, [epoch]], { account: t.stranger.account });
    assert.equal(await t.usd.read.balanceOf([heir]), amount - fee);
    assert.equal(await t.usd.read.balanceOf([t.nodeOwner1.account.address]), 0n);
  });

  it("is for the one who was proposed last, once", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const heir = t.nodeOwner2.account.address;
    const stranger = t.stranger.account.address;
    await propose(t, stranger);
    await propose(t, heir);
    await assertions.revertWithCustomErrorWithArgs(accept(t, stranger), t.nodes, "NotPendingNodeOwner", [
      t.nodeId,
      stranger,
      heir,
    ]);
    await accept(t, heir);
    await assertions.revertWithCustomErrorWithArgs(accept(t, heir), t.nodes, "NotPendingNodeOwner", [
      t.nodeId,
      heir,
      zeroAddress,
    ]);
  });

  it("can be called off with the zero address", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const heir = t.nodeOwner2.account.address;
    await propose(t, heir);
    await assertions.emitWithArgs(propose(t, zeroAddress), t.nodes, "OwnerProposed", [t.nodeId, zeroAddress]);
    await assertions.revertWithCustomErrorWithArgs(accept(t, heir), t.nodes, "NotPendingNodeOwner", [
      t.nodeId,
      heir,
      zeroAddress,
    ]);
  });

  it("knows no node that was not registered, not even for the zero address", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.acceptOwnership([9], { account: t.stranger.account }),
      t.nodes,
      "UnknownNode",
      [9],
    );
  });
});
