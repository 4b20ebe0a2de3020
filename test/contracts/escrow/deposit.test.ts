import assert from "node:assert/strict";
import { encodeFunctionData, zeroHash } from "viem";
import { countUsage, slashNode } from "../support/dispute.ts";
import { withAsset } from "../support/hostile.ts";
import { deployNetwork, networkHelpers, viem } from "../support/network.ts";
import {
  assertions,
  createProject,
  currentEpoch,
  fundWallet,
  nextEpoch,
  registerNode,
  USD,
} from "../support/scenario.ts";

async function withProject() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t);
  const projectId = await createProject(t, { nodeIds: [nodeId], credit: 0n });
  await fundWallet(t, t.stranger, 1_000n * USD);
  await fundWallet(t, t.owner, 1_000n * USD);
  await nextEpoch(t);
  return { ...t, nodeId, projectId };
}

async function withHostileToken() {
  const first = await deployNetwork();
  const token = await viem.deployContract("HostileToken", [6]);
  const t = await withAsset(first, token);
  const nodeId = await registerNode(t);
  const projectId = await createProject(t, { nodeIds: [nodeId], credit: 0n });
  await fundWallet(t, t.stranger, 1_000n * USD);
  return { ...t, token, projectId };
}

describe("CreditEscrow.deposit", () => {
  it("lets anyone add to the credit of a project", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const from = t.stranger.account;
    await t.escrow.write.deposit([t.projectId, 10n * USD], { account: t.owner.account });
    await assertions.emitWithArgs(
      t.escrow.write.deposit([t.projectId, 25n * USD], { account: from }),
      t.escrow,
      "Deposited",
      [t.projectId, from.address, 25n * USD, 35n * USD, zeroHash],
    );
    assert.deepEqual(await t.escrow.read.accountOf([t.projectId]), {
      balance: 35n * USD,
      thawing: 0n,
      thawEpoch: 0,
      raisedAt: await currentEpoch(t),
    });
    assert.equal(await t.usd.read.balanceOf([from.address]), 975n * USD);
    assert.equal(await t.usd.read.balanceOf([t.escrow.address]), 35n * USD);
  });

  it("says in which epoch the balance rose last; a withdrawal and a charge do not move that", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const raisedAt = async () => (await t.escrow.read.accountOf([t.projectId])).raisedAt;
    assert.equal(await raisedAt(), 0);
    const first = await nextEpoch(t, 5);
    await t.escrow.write.deposit([t.projectId, 50n * USD], { account: t.owner.account });
    await t.escrow.write.requestWithdraw([t.projectId, 20n * USD], { account: t.owner.account });
    await countUsage(t, { nodeId: t.nodeId, projectId: t.projectId });
    await t.escrow.write.cancelWithdraw([t.projectId], { account: t.owner.account });
    await t.escrow.write.requestWithdraw([t.projectId, 20n * USD], { account: t.owner.account });
    await nextEpoch(t, 7);
    await t.escrow.write.withdraw([t.projectId], { account: t.owner.account });
    assert.equal(await raisedAt(), first);
    const second = await nextEpoch(t, 3);
    await t.escrow.write.deposit([t.projectId, 1n], { account: t.stranger.account });
    assert.equal(await raisedAt(), second);
  });

  it("rose too when a decision gave a charge back", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await t.escrow.write.deposit([t.projectId, 50n * USD], { account: t.owner.account });
    const { hash } = await slashNode(t, { nodeId: t.nodeId, projectId: t.projectId, slash: 0n });
    await assertions.emit(hash, t.escrow, "Refunded");
    assert.equal((await t.escrow.read.accountOf([t.projectId])).raisedAt, await currentEpoch(t));
  });

  it("fills the books to their brim and not over it", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const brim = 2n ** 64n - 1n;
    await t.usd.write.mint([t.owner.account.address, brim]);
    await t.escrow.write.deposit([t.projectId, brim], { account: t.owner.account });
    assert.equal((await t.escrow.read.accountOf([t.projectId])).balance, brim);
    await assertions.revertWithCustomErrorWithArgs(
      t.escrow.write.deposit([t.projectId, 1n], { account: t.stranger.account }),
      t.escrow,
      "CreditOverflow",
      [brim + 1n],
    );
  });

  it("keeps the credit of projects apart", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const other = await createProject(t, { nodeIds: [t.nodeId], credit: 7n * USD });
    await t.escrow.write.deposit([t.projectId, 5n * USD], { account: t.owner.account });
    assert.equal((await t.escrow.read.accountOf([other])).balance, 7n * USD);
    assert.equal((await t.escrow.read.accountOf([t.projectId])).balance, 5n * USD);
  });

  it("never touches a thaw: neither its amount nor its time", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await t.escrow.write.deposit([t.projectId, 50n * USD], { account: t.owner.account });
    await t.escrow.write.requestWithdraw([t.projectId, 20n * USD], { account: t.owner.account });
    const { thawEpoch } = await t.escrow.read.accountOf([t.projectId]);
    await nextEpoch(t, 3);
    await t.escrow.write.deposit([t.projectId, 1n], { account: t.stranger.account });
    const account = await t.escrow.read.accountOf([t.projectId]);
    assert.deepEqual(
      [account.balance, account.thawing, account.thawEpoch],
      [50n * USD + 1n, 20n * USD, thawEpoch],
    );
  });

  it("knows no project that was not created", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    for (const projectId of [0n, t.projectId + 1n]) {
      await assertions.revertWithCustomErrorWithArgs(
        t.escrow.write.deposit([projectId, USD], { account: t.owner.account }),
        t.projects,
        "UnknownProject",
        [projectId],
      );
    }
  });

  it("is something: nothing is no deposit", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await assertions.revertWithCustomErrorWithArgs(
      t.escrow.write.deposit([t.projectId, 0n], { account: t.owner.account }),
      t.escrow,
      "NothingDeposited",
      [t.projectId],
    );
  });

  it("takes nothing that was not approved", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await t.usd.write.approve([t.escrow.address, 5n], { account: t.owner.account });
    await assertions.revertWithCustomErrorWithArgs(
      t.escrow.write.deposit([t.projectId, 6n], { account: t.owner.account }),
      t.usd,
      "ERC20InsufficientAllowance",
      [t.escrow.address, 5n, 6n],
    );
  });
});

describe("CreditEscrow.deposit of a hostile token", () => {
  it("credits what arrives of a token that takes a fee", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    await t.token.write.setFee([250n]); // 2.5 %
    await assertions.emitWithArgs(
      t.escrow.write.deposit([t.projectId, 100n * USD], { account: t.stranger.account }),
      t.escrow,
      "Deposited",
      [t.projectId, t.stranger.account.address, 97_500_000n, 97_500_000n, zeroHash],
    );
    assert.equal(await t.token.read.balanceOf([t.escrow.address]), 97_500_000n);
    await t.token.write.setFee([10_000n]);
    await assertions.revertWithCustomErrorWithArgs(
      t.escrow.write.deposit([t.projectId, 100n * USD], { account: t.stranger.account }),
      t.escrow,
      "NothingDeposited",
      [t.projectId],
    );
  });

  it("cannot be entered again while it measures: what arrives is not credited twice", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    await t.token.write.mint([t.token.address, 100n * USD]);
    // The token approves its own tokens, and then deposits them in the middle of another deposit.
    const approve = encodeFunctionData({
      abi: t.token.abi,
      functionName: "approve",
      args: [t.escrow.address, 100n * USD],
    });
    await t.token.write.setHook([t.token.address, approve]);
    await t.token.write.mint([t.stranger.account.address, 1n]);
    const inner = encodeFunctionData({
      abi: t.escrow.abi,
      functionName: "deposit",
      args: [t.projectId, 100n * USD],
    });
    await t.token.write.setHook([t.escrow.address, inner]);
    await assertions.revertWithCustomError(
      t.escrow.write.deposit([t.projectId, 100n * USD], { account: t.stranger.account }),
      t.escrow,
      "ReentrancyGuardReentrantCall",
    );
  });
});
