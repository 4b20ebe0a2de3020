import assert from "node:assert/strict";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  assertions,
  createProject,
  currentEpoch,
  nextEpoch,
  registerNode,
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

const request = (t: WithProject, amount: bigint, by = t.owner) =>
  t.escrow.write.requestWithdraw([t.projectId, amount], { account: by.account });
const cancel = (t: WithProject, by = t.owner) =>
  t.escrow.write.cancelWithdraw([t.projectId], { account: by.account });

describe("CreditEscrow.requestWithdraw", () => {
  it("starts a thaw; the credit stays until it is withdrawn", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const { raisedAt } = await t.escrow.read.accountOf([t.projectId]);
    const epoch = await currentEpoch(t);
    await assertions.emitWithArgs(request(t, 30n * USD), t.escrow, "WithdrawRequested", [
      t.projectId,
      30n * USD,
      epoch,
    ]);
    assert.deepEqual(await t.escrow.read.accountOf([t.projectId]), {
      balance: CREDIT,
      thawing: 30n * USD,
      thawEpoch: epoch,
      raisedAt,
    });
  });

  it("replaces an earlier request and restarts its time", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await request(t, 30n * USD);
    const epoch = await nextEpoch(t, 5);
    await request(t, 2n * USD);
    const account = await t.escrow.read.accountOf([t.projectId]);
    assert.deepEqual([account.balance, account.thawing, account.thawEpoch], [CREDIT, 2n * USD, epoch]);
    await nextEpoch(t);
    await assertions.revertWithCustomErrorWithArgs(
      t.escrow.write.withdraw([t.projectId], { account: t.owner.account }),
      t.escrow,
      "CreditStillThaws",
      [t.projectId, epoch + 6],
    );
  });

  it("takes 1 to the whole credit", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    for (const amount of [0n, CREDIT + 1n]) {
      await assertions.revertWithCustomErrorWithArgs(request(t, amount), t.escrow, "WithdrawOutOfRange", [
        amount,
        CREDIT,
      ]);
    }
    await request(t, 1n);
    await request(t, CREDIT);
    assert.equal((await t.escrow.read.accountOf([t.projectId])).thawing, CREDIT);
  });

  it("is for the project's owner", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    for (const by of [t.stranger, t.nodeOwner1, t.admin, t.deployer]) {
      await assertions.revertWithCustomErrorWithArgs(request(t, 1n, by), t.escrow, "NotProjectOwner", [
        t.projectId,
        by.account.address,
        t.owner.account.address,
      ]);
    }
    await assertions.revertWithCustomErrorWithArgs(
      t.escrow.write.requestWithdraw([2n, 1n], { account: t.owner.account }),
      t.projects,
      "UnknownProject",
      [2n],
    );
  });

  it("is not for a delegate, who may deploy and never touch money", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await t.projects.write.setDelegate([t.projectId, t.stranger.account.address, 1], {
      account: t.owner.account,
    });
    await assertions.revertWithCustomError(request(t, 1n, t.stranger), t.escrow, "NotProjectOwner");
  });

  it("follows the project to its new owner", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await t.projects.write.transferOwnership([t.projectId, t.stranger.account.address], {
      account: t.owner.account,
    });
    await t.projects.write.acceptOwnership([t.projectId, []], { account: t.stranger.account });
    await assertions.revertWithCustomErrorWithArgs(request(t, 1n), t.escrow, "NotProjectOwner", [
      t.projectId,
      t.owner.account.address,
      t.stranger.account.address,
    ]);
    await request(t, CREDIT, t.stranger);
  });
});

describe("CreditEscrow.cancelWithdraw", () => {
  it("takes the request back", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await request(t, 30n * USD);
    await nextEpoch(t, 8);
    await assertions.emitWithArgs(cancel(t), t.escrow, "WithdrawCancelled", [t.projectId]);
    const account = await t.escrow.read.accountOf([t.projectId]);
    assert.deepEqual([account.balance, account.thawing, account.thawEpoch], [CREDIT, 0n, 0]);
    await assertions.revertWithCustomErrorWithArgs(
      t.escrow.write.withdraw([t.projectId], { account: t.owner.account }),
      t.escrow,
      "NoCreditThaws",
      [t.projectId],
    );
  });

  it("has nothing to take back where nothing thaws", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await assertions.revertWithCustomErrorWithArgs(cancel(t), t.escrow, "NoCreditThaws", [t.projectId]);
  });

  it("is for the project's owner", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await request(t, 30n * USD);
    await assertions.revertWithCustomErrorWithArgs(cancel(t, t.stranger), t.escrow, "NotProjectOwner", [
      t.projectId,
      t.stranger.account.address,
      t.owner.account.address,
    ]);
  });
});
