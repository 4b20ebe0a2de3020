import assert from "node:assert/strict";
import { encodeFunctionData, zeroAddress } from "viem";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { slashNode } from "../support/dispute.ts";
import { announceAndWait } from "../support/governance.ts";
import { withAsset } from "../support/hostile.ts";
import { deployNetwork, networkHelpers, viem } from "../support/network.ts";
import {
  assertions,
  createProject,
  currentEpoch,
  nextEpoch,
  registerNode,
  USD,
  type Wallet,
} from "../support/scenario.ts";

const STAKE = 3_000n * USD;

async function withNode() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { stake: STAKE });
  const projectId = await createProject(t, { nodeIds: [nodeId], cap: 2n * USD });
  await nextEpoch(t);
  return { ...t, nodeId, projectId };
}
type WithNode = Awaited<ReturnType<typeof withNode>>;

const request = (t: WithNode, amount: bigint) =>
  t.nodes.write.requestUnstake([t.nodeId, amount], { account: t.nodeOwner1.account });
const withdraw = (t: WithNode, by: Wallet = t.nodeOwner1) =>
  t.nodes.write.withdrawStake([t.nodeId], { account: by.account });

describe("NodeRegistry.withdrawStake", () => {
  it("refuses what was asked back in r until the end of r+19 and pays it from r+20 on", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const asked = await currentEpoch(t);
    await request(t, 500n * USD);
    await atLastSecondOf(t, asked + 19);
    await assertions.revertWithCustomErrorWithArgs(withdraw(t), t.nodes, "StakeStillThaws", [
      t.nodeId,
      asked + 19,
    ]);

    await atFirstSecondOf(t, asked + 20);
    const owner = t.nodeOwner1.account.address;
    await assertions.emitWithArgs(withdraw(t), t.nodes, "StakeWithdrawn", [
      t.nodeId,
      owner,
      500n * USD,
      2_500n * USD,
    ]);
    assert.equal(await t.usd.read.balanceOf([owner]), 500n * USD);
    assert.equal(await t.usd.read.balanceOf([t.nodes.address]), 2_500n * USD);
    const node = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([node.stake, node.thawing, node.thawEpoch], [2_500n * USD, 0n, 0]);
  });

  it("leaves a node that keeps the least stake in its place", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, 2_000n * USD);
    await nextEpoch(t, 20);
    await withdraw(t);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).retiredFrom, 0);
    assert.equal(await t.nodes.read.poolSize([3]), 1n);
  });

  it("pays once", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, 500n * USD);
    await nextEpoch(t, 20);
    await withdraw(t);
    await assertions.revertWithCustomErrorWithArgs(withdraw(t), t.nodes, "NoStakeThaws", [t.nodeId]);
  });

  it("pays nothing that was not asked back", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await nextEpoch(t, 20);
    await assertions.revertWithCustomErrorWithArgs(withdraw(t), t.nodes, "NoStakeThaws", [t.nodeId]);
  });

  it("pays what a slash left of it", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, STAKE);
    const asked = (await t.nodes.read.nodeOf([t.nodeId])).thawEpoch;
    await slashNode(t, {
      nodeId: t.nodeId,
      projectId: t.projectId,
      cpuMs: 100_000_000n,
      slash: 150n * USD,
    });
    await atFirstSecondOf(t, asked + 20);
    const owner = t.nodeOwner1.account.address;
    await assertions.emitWithArgs(withdraw(t), t.nodes, "StakeWithdrawn", [
      t.nodeId,
      owner,
      2_850n * USD,
      0n,
    ]);
    assert.equal(await t.usd.read.balanceOf([owner]), 2_850n * USD);
    assert.equal(await t.usd.read.balanceOf([t.nodes.address]), 0n);
  });

  it("retires a node that kept the least stake of its day but not of today", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, 1_500n * USD);
    const args = [1_500n * USD + 1n, 120, 2_000] as const;
    const call = encodeFunctionData({ abi: t.nodes.abi, functionName: "setParameters", args });
    await announceAndWait(t, t.nodes, call);
    await t.nodes.write.setParameters(args, { account: t.admin.account });
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).retiredFrom, 0);
    const epoch = await nextEpoch(t, 20);
    await assertions.emitWithArgs(withdraw(t), t.nodes, "Retired", [t.nodeId, epoch + 1, false]);
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
  });

  it("pays the owner of the day, not the one who asked", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, 500n * USD);
    const heir = t.nodeOwner2.account;
    await t.nodes.write.transferOwnership([t.nodeId, heir.address], { account: t.nodeOwner1.account });
    await t.nodes.write.acceptOwnership([t.nodeId], { account: heir });
    await nextEpoch(t, 20);
    await assertions.revertWithCustomErrorWithArgs(withdraw(t), t.nodes, "NotNodeOwner", [
      t.nodeId,
      t.nodeOwner1.account.address,
      heir.address,
    ]);
    await withdraw(t, t.nodeOwner2);
    assert.equal(await t.usd.read.balanceOf([heir.address]), 500n * USD);
  });

  it("is the owner's alone, though nothing but the owner is paid", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, 500n * USD);
    await nextEpoch(t, 20);
    await assertions.revertWithCustomErrorWithArgs(withdraw(t, t.operator1), t.nodes, "NotNodeOwner", [
      t.nodeId,
      t.operator1.account.address,
      t.nodeOwner1.account.address,
    ]);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.withdrawStake([8], { account: t.nodeOwner1.account }),
      t.nodes,
      "UnknownNode",
      [8],
    );
  });
});

async function withHostileToken() {
  const first = await deployNetwork();
  const token = await viem.deployContract("HostileToken", [6]);
  const t = await withAsset(first, token);
  const nodeId = await registerNode(t, { stake: STAKE });
  const other = await registerNode(t, { stake: STAKE, owner: t.nodeOwner2 });
  await t.nodes.write.requestUnstake([nodeId, STAKE], { account: t.nodeOwner1.account });
  await t.nodes.write.requestUnstake([other, STAKE], { account: t.nodeOwner2.account });
  return { ...t, token, nodeId, other };
}

describe("NodeRegistry.withdrawStake of a hostile token", () => {
  it("blocks a blacklisted owner and nobody else", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    const owner = t.nodeOwner1.account.address;
    await nextEpoch(t, 20);
    await t.token.write.setBlacklisted([owner, true]);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.withdrawStake([t.nodeId], { account: owner }),
      t.token,
      "Blacklisted",
      [owner],
    );
    await t.nodes.write.withdrawStake([t.other], { account: t.nodeOwner2.account });
    assert.equal(await t.token.read.balanceOf([t.nodeOwner2.account.address]), STAKE);
  });

  it("cannot be entered again while it pays", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    // An owner that is a contract, so that the token can call back in the owner's name.
    const owner = await viem.deployContract("ContractSigner", [t.stranger.account.address]);
    const call = (data: `0x${string}`) => owner.write.execute([t.nodes.address, data]);
    await t.nodes.write.transferOwnership([t.nodeId, owner.address], { account: t.nodeOwner1.account });
    await call(encodeFunctionData({ abi: t.nodes.abi, functionName: "acceptOwnership", args: [t.nodeId] }));
    await nextEpoch(t, 20);

    const withdrawal = encodeFunctionData({
      abi: t.nodes.abi,
      functionName: "withdrawStake",
      args: [t.nodeId],
    });
    const again = encodeFunctionData({
      abi: owner.abi,
      functionName: "execute",
      args: [t.nodes.address, withdrawal],
    });
    await t.token.write.setHook([owner.address, again]);
    await assertions.revertWithCustomError(call(withdrawal), t.nodes, "ReentrancyGuardReentrantCall");

    // Nor is there a way in by another door.
    const deposit = encodeFunctionData({ abi: t.nodes.abi, functionName: "addStake", args: [t.other, 0n] });
    await t.token.write.setHook([t.nodes.address, deposit]);
    await assertions.revertWithCustomError(call(withdrawal), t.nodes, "ReentrancyGuardReentrantCall");

    await t.token.write.setHook([zeroAddress, "0x"]);
    await call(withdrawal);
    assert.equal(await t.token.read.balanceOf([owner.address]), STAKE);
    assert.equal(await t.token.read.balanceOf([t.nodes.address]), STAKE);
  });
});
