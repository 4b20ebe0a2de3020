import assert from "node:assert/strict";
import { encodeFunctionData } from "viem";
import { countUsage, decideGuilty, disputeCounted, slashNode } from "../support/dispute.ts";
import { announceAndWait } from "../support/governance.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  assertions,
  createProject,
  currentEpoch,
  nextEpoch,
  registerNode,
  USD,
} from "../support/scenario.ts";

const STAKE = 1_500n * USD;
const MAX_SLASH = 200n * USD;

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

/** A parameter of the day on which the tests run out of small steps: one decision may take the whole stake. */
async function allowAnySlash(t: WithNode): Promise<void> {
  const args = [5n * USD, 100_000n * USD, t.arbiter.account.address] as const;
  const { abi } = t.settlement;
  await announceAndWait(t, t.settlement, encodeFunctionData({ abi, functionName: "setParameters", args }));
  await t.settlement.write.setParameters(args, { account: t.admin.account });
}

describe("NodeRegistry.slash", () => {
  it("takes stake by a decision, and the escrow fetches it: nothing stays allowed", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const counted = await countUsage(t, { nodeId: t.nodeId, projectId: t.projectId });
    await disputeCounted(t, counted);
    const escrowed = await t.usd.read.balanceOf([t.escrow.address]);
    await assertions.emitWithArgs(decideGuilty(t, counted, MAX_SLASH), t.nodes, "Slashed", [
      t.nodeId,
      MAX_SLASH,
      STAKE - MAX_SLASH,
      0n,
    ]);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).stake, STAKE - MAX_SLASH);
    assert.equal(await t.usd.read.balanceOf([t.nodes.address]), STAKE - MAX_SLASH);
    assert.equal(await t.usd.read.balanceOf([t.escrow.address]), escrowed + MAX_SLASH);
    assert.equal(await t.usd.read.allowance([t.nodes.address, t.escrow.address]), 0n);
  });

  it("takes what does not thaw first", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, STAKE - 50n * USD);
    const { hash } = await slashNode(t, { nodeId: t.nodeId, projectId: t.projectId, slash: 40n * USD });
    await assertions.emitWithArgs(Promise.resolve(hash), t.nodes, "Slashed", [
      t.nodeId,
      40n * USD,
      STAKE - 40n * USD,
      STAKE - 50n * USD,
    ]);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).thawing, STAKE - 50n * USD);
  });

  it("retires a node of which less than minStake stays without what thaws", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, 500n * USD);
    await slashNode(t, { nodeId: t.nodeId, projectId: t.projectId, slash: MAX_SLASH });
    const node = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([node.stake, node.thawing], [1_300n * USD, 500n * USD]);
    assert.equal(node.retiredFrom, (await currentEpoch(t)) + 1);
  });

  it("reaches what thaws: no request outruns a dispute", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, STAKE - 50n * USD);
    const { hash } = await slashNode(t, { nodeId: t.nodeId, projectId: t.projectId, slash: MAX_SLASH });
    const left = STAKE - MAX_SLASH;
    await assertions.emitWithArgs(Promise.resolve(hash), t.nodes, "Slashed", [
      t.nodeId,
      MAX_SLASH,
      left,
      left,
    ]);
    const node = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([node.stake, node.thawing], [left, left]);
  });

  it("takes no more than there is", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await allowAnySlash(t);
    const { hash } = await slashNode(t, { nodeId: t.nodeId, projectId: t.projectId, slash: STAKE + 1n });
    await assertions.emitWithArgs(Promise.resolve(hash), t.nodes, "Slashed", [t.nodeId, STAKE, 0n, 0n]);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).stake, 0n);
    assert.equal(await t.usd.read.balanceOf([t.nodes.address]), 0n);
  });

  it("keeps a node that keeps the least stake", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await allowAnySlash(t);
    await slashNode(t, { nodeId: t.nodeId, projectId: t.projectId, slash: 500n * USD });
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).retiredFrom, 0);
    assert.equal(await t.nodes.read.poolSize([3]), 1n);
  });

  it("retires a node that keeps one unit less", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await allowAnySlash(t);
    const { hash } = await slashNode(t, { nodeId: t.nodeId, projectId: t.projectId, slash: 500n * USD + 1n });
    const epoch = await currentEpoch(t);
    await assertions.emitWithArgs(Promise.resolve(hash), t.nodes, "Retired", [t.nodeId, epoch + 1]);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).retiredFrom, epoch + 1);
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
  });

  it("is the settlement's alone: no owner, no arbiter, no role takes a stake", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    for (const { account } of t.wallets) {
      await assertions.revertWithCustomErrorWithArgs(
        t.nodes.write.slash([t.nodeId, 1n, account.address], { account }),
        t.nodes,
        "NotSettlement",
        [account.address],
      );
    }
  });

  it("knows no node that was not registered", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    // What only the settlement may ask; it never asks for a node without a counted receipt.
    await networkHelpers.impersonateAccount(t.settlement.address);
    await networkHelpers.setBalance(t.settlement.address, 10n ** 18n);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.slash([7, 1n, t.escrow.address], { account: t.settlement.address }),
      t.nodes,
      "UnknownNode",
      [7],
    );
  });
});
