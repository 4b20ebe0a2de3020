import assert from "node:assert/strict";
import { encodeFunctionData, zeroAddress } from "viem";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { countUsage } from "../support/dispute.ts";
import { withAsset } from "../support/hostile.ts";
import { deployNetwork, networkHelpers, viem } from "../support/network.ts";
import {
  assertions,
  createProject,
  currentEpoch,
  nextEpoch,
  registerNode,
  signBatch,
  submitBatch,
  USD,
} from "../support/scenario.ts";

const CREDIT = 100n * USD;

async function withProject() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t);
  const projectId = await createProject(t, { nodeIds: [nodeId], credit: CREDIT });
  await nextEpoch(t);
  return { ...t, nodeId, projectId };
}
type WithProject = Awaited<ReturnType<typeof withProject>>;

const request = (t: WithProject, amount: bigint) =>
  t.escrow.write.requestWithdraw([t.projectId, amount], { account: t.owner.account });
const withdraw = (t: WithProject, by = t.owner) =>
  t.escrow.write.withdraw([t.projectId], { account: by.account });

describe("CreditEscrow.withdraw", () => {
  it("refuses what was asked back in r until the end of r+6 and pays it from r+7 on", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const asked = await currentEpoch(t);
    await request(t, 30n * USD);
    await atLastSecondOf(t, asked + 6);
    await assertions.revertWithCustomErrorWithArgs(withdraw(t), t.escrow, "CreditStillThaws", [
      t.projectId,
      asked + 6,
    ]);

    await atFirstSecondOf(t, asked + 7);
    const owner = t.owner.account.address;
    await assertions.emitWithArgs(withdraw(t), t.escrow, "Withdrawn", [
      t.projectId,
      owner,
      30n * USD,
      70n * USD,
    ]);
    assert.equal(await t.usd.read.balanceOf([owner]), 30n * USD);
    assert.equal(await t.usd.read.balanceOf([t.escrow.address]), 70n * USD);
    assert.deepEqual(await t.escrow.read.accountOf([t.projectId]), {
      balance: 70n * USD,
      thawing: 0n,
      thawEpoch: 0,
      raisedAt: asked - 1,
    });
  });

  it("pays once, and nothing that was not asked back", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await assertions.revertWithCustomErrorWithArgs(withdraw(t), t.escrow, "NoCreditThaws", [t.projectId]);
    await request(t, 30n * USD);
    await nextEpoch(t, 7);
    await withdraw(t);
    await assertions.revertWithCustomErrorWithArgs(withdraw(t), t.escrow, "NoCreditThaws", [t.projectId]);
  });

  it("pays what charges left of it: whatever was served before is paid first", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await request(t, CREDIT);
    const asked = (await t.escrow.read.accountOf([t.projectId])).thawEpoch;
    // A node that served in r may submit until r+4, and the thaw waits for it.
    await nextEpoch(t, 4);
    const receipts = [{ projectId: t.projectId, requests: 1_010_000n }];
    await submitBatch(t, await signBatch(t, { nodeId: t.nodeId, epoch: asked, receipts }));
    const left = CREDIT - 301_000n;
    let account = await t.escrow.read.accountOf([t.projectId]);
    assert.deepEqual([account.balance, account.thawing, account.thawEpoch], [left, left, asked]);

    await atFirstSecondOf(t, asked + 7);
    await assertions.emitWithArgs(withdraw(t), t.escrow, "Withdrawn", [
      t.projectId,
      t.owner.account.address,
      left,
      0n,
    ]);
    assert.equal(await t.usd.read.balanceOf([t.owner.account.address]), left);
    account = await t.escrow.read.accountOf([t.projectId]);
    assert.equal(account.balance, 0n);
  });

  it("is charged from what does not thaw as long as there is some", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await request(t, CREDIT - 301_000n);
    const { amount } = await countUsage(t, {
      nodeId: t.nodeId,
      projectId: t.projectId,
      requests: 1_010_000n,
    });
    assert.equal(amount, 301_000n);
    const account = await t.escrow.read.accountOf([t.projectId]);
    assert.deepEqual([account.balance, account.thawing], [CREDIT - 301_000n, CREDIT - 301_000n]);
  });

  it("leaves later receipts nothing: what is withdrawn cannot be charged", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await request(t, CREDIT);
    await nextEpoch(t, 7);
    await withdraw(t);
    const epoch = (await currentEpoch(t)) - 1;
    const batch = await signBatch(t, { nodeId: t.nodeId, epoch, receipts: [{ projectId: t.projectId }] });
    await assertions.revertWithCustomErrorWithArgs(submitBatch(t, batch), t.settlement, "NothingCounted", [
      t.nodeId,
      epoch,
    ]);
  });

  it("is for the project's owner of the day", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const heir = t.stranger.account.address;
    await request(t, 30n * USD);
    await nextEpoch(t, 7);
    await assertions.revertWithCustomErrorWithArgs(withdraw(t, t.stranger), t.escrow, "NotProjectOwner", [
      t.projectId,
      heir,
      t.owner.account.address,
    ]);
    await t.projects.write.transferOwnership([t.projectId, heir], { account: t.owner.account });
    await t.projects.write.acceptOwnership([t.projectId, []], { account: heir });
    await withdraw(t, t.stranger);
    assert.equal(await t.usd.read.balanceOf([heir]), 30n * USD);
  });

  it("reaches the credit of a closed project", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await t.projects.write.close([t.projectId], { account: t.owner.account });
    await request(t, CREDIT);
    await nextEpoch(t, 7);
    await withdraw(t);
    assert.equal(await t.usd.read.balanceOf([t.owner.account.address]), CREDIT);
  });
});

async function withHostileToken() {
  const first = await deployNetwork();
  const token = await viem.deployContract("HostileToken", [6]);
  const t = await withAsset(first, token);
  const nodeId = await registerNode(t);
  const projectId = await createProject(t, { nodeIds: [nodeId], credit: CREDIT });
  const other = await createProject(t, { nodeIds: [nodeId], credit: CREDIT, owner: t.stranger });
  for (const [id, { account }] of [
    [projectId, t.owner],
    [other, t.stranger],
  ] as const) {
    await t.escrow.write.requestWithdraw([id, 60n * USD], { account });
  }
  await nextEpoch(t, 7);
  return { ...t, token, nodeId, projectId, other };
}

describe("CreditEscrow.withdraw of a hostile token", () => {
  it("blocks a blacklisted owner and nobody else", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    const owner = t.owner.account.address;
    await t.token.write.setBlacklisted([owner, true]);
    await assertions.revertWithCustomErrorWithArgs(withdraw(t), t.token, "Blacklisted", [owner]);
    await t.escrow.write.withdraw([t.other], { account: t.stranger.account });
    assert.equal(await t.token.read.balanceOf([t.stranger.account.address]), 60n * USD);
    assert.equal((await t.escrow.read.accountOf([t.projectId])).thawing, 60n * USD);
  });

  it("pays what the books say; a fee of the token is the receiver's", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    await t.token.write.setFee([1_000n]);
    await withdraw(t);
    assert.equal(await t.token.read.balanceOf([t.owner.account.address]), 54n * USD);
    assert.equal(await t.token.read.balanceOf([t.escrow.address]), 140n * USD);
  });

  it("cannot be entered again while it pays", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    // An owner that is a contract, so that the token can call back in the owner's name.
    const owner = await viem.deployContract("ContractSigner", [t.owner.account.address]);
    const accept = encodeFunctionData({
      abi: t.projects.abi,
      functionName: "acceptOwnership",
      args: [t.projectId, []],
    });
    await t.projects.write.transferOwnership([t.projectId, owner.address], { account: t.owner.account });
    await owner.write.execute([t.projects.address, accept]);

    const call = encodeFunctionData({ abi: t.escrow.abi, functionName: "withdraw", args: [t.projectId] });
    const again = encodeFunctionData({
      abi: owner.abi,
      functionName: "execute",
      args: [t.escrow.address, call],
    });
    await t.token.write.setHook([owner.address, again]);
    await assertions.revertWithCustomError(
      owner.write.execute([t.escrow.address, call]),
      t.escrow,
      "ReentrancyGuardReentrantCall",
    );
    assert.equal(await t.token.read.balanceOf([t.escrow.address]), 2n * CREDIT);

    await t.token.write.setHook([zeroAddress, "0x"]);
    await owner.write.execute([t.escrow.address, call]);
    assert.equal(await t.token.read.balanceOf([owner.address]), 60n * USD);
    assert.equal((await t.escrow.read.accountOf([t.projectId])).balance, 40n * USD);
  });
});
