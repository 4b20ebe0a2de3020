import assert from "node:assert/strict";
import { encodeFunctionData } from "viem";
import { withAsset } from "../support/hostile.ts";
import { deployNetwork, networkHelpers, viem } from "../support/network.ts";
import { assertions, fundWallet, registerNode, USD } from "../support/scenario.ts";

async function withNode() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { stake: 1_000n * USD });
  await fundWallet(t, t.stranger, 10_000n * USD);
  await fundWallet(t, t.nodeOwner1, 10_000n * USD);
  return { ...t, nodeId };
}

async function withHostileToken() {
  const first = await deployNetwork();
  const token = await viem.deployContract("HostileToken", [6]);
  const t = await withAsset(first, token);
  const nodeId = await registerNode(t, { stake: 1_000n * USD });
  await fundWallet(t, t.stranger, 10_000n * USD);
  return { ...t, token, nodeId };
}

describe("NodeRegistry.addStake", () => {
  it("lets anyone add to a stake, which then is the owner's", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const from = t.stranger.account;
    await assertions.emitWithArgs(
      t.nodes.write.addStake([t.nodeId, 250n * USD], { account: from }),
      t.nodes,
      "StakeAdded",
      [t.nodeId, from.address, 250n * USD, 1_250n * USD],
    );
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).stake, 1_250n * USD);
    assert.equal(await t.usd.read.balanceOf([from.address]), 9_750n * USD);
    assert.equal(await t.usd.read.balanceOf([t.nodes.address]), 1_250n * USD);
  });

  it("counts what arrives", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    await t.token.write.setFee([100n]); // 1 %
    await assertions.emitWithArgs(
      t.nodes.write.addStake([t.nodeId, 200n * USD], { account: t.stranger.account }),
      t.nodes,
      "StakeAdded",
      [t.nodeId, t.stranger.account.address, 198n * USD, 1_198n * USD],
    );
    assert.equal(await t.token.read.balanceOf([t.nodes.address]), 1_198n * USD);
  });

  it("cannot be entered again while it takes the stake: what arrives is not counted twice", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    await t.token.write.mint([t.token.address, 100n * USD]);
    const approve = encodeFunctionData({
      abi: t.token.abi,
      functionName: "approve",
      args: [t.nodes.address, 100n * USD],
    });
    await t.token.write.setHook([t.token.address, approve]);
    await t.token.write.mint([t.stranger.account.address, 1n]); // the token approves its own tokens
    const inner = encodeFunctionData({
      abi: t.nodes.abi,
      functionName: "addStake",
      args: [t.nodeId, 100n * USD],
    });
    await t.token.write.setHook([t.nodes.address, inner]);
    await assertions.revertWithCustomError(
      t.nodes.write.addStake([t.nodeId, 100n * USD], { account: t.stranger.account }),
      t.nodes,
      "ReentrancyGuardReentrantCall",
    );
  });

  it("leaves a thaw as it is", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await t.nodes.write.addStake([t.nodeId, 500n * USD], { account: t.nodeOwner1.account });
    await t.nodes.write.requestUnstake([t.nodeId, 300n * USD], { account: t.nodeOwner1.account });
    const { thawEpoch } = await t.nodes.read.nodeOf([t.nodeId]);
    await networkHelpers.time.increase(3 * t.network.epochSeconds);
    await t.nodes.write.addStake([t.nodeId, 1n], { account: t.stranger.account });
    const node = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([node.thawing, node.thawEpoch, node.stake], [300n * USD, thawEpoch, 1_500n * USD + 1n]);
  });

  it("does not bring back a node that its owner retired", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await t.nodes.write.requestUnstake([t.nodeId, 1n], { account: t.nodeOwner1.account });
    const { retiredFrom } = await t.nodes.read.nodeOf([t.nodeId]);
    await t.nodes.write.addStake([t.nodeId, 5_000n * USD], { account: t.nodeOwner1.account });
    assert.notEqual(retiredFrom, 0);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).retiredFrom, retiredFrom);
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
  });

  it("knows no node that was not registered", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    for (const nodeId of [0, t.nodeId + 1]) {
      await assertions.revertWithCustomErrorWithArgs(
        t.nodes.write.addStake([nodeId, USD], { account: t.stranger.account }),
        t.nodes,
        "UnknownNode",
        [nodeId],
      );
    }
  });

  it("takes nothing that was not approved", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await t.usd.write.approve([t.nodes.address, 5n], { account: t.stranger.account });
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.addStake([t.nodeId, 6n], { account: t.stranger.account }),
      t.usd,
      "ERC20InsufficientAllowance",
      [t.nodes.address, 5n, 6n],
    );
  });
});
