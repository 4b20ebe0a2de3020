import assert from "node:assert/strict";
import { networkHelpers } from "../support/network.ts";
import {
  addressOf,
  assertions,
  createProject,
  moveToEpoch,
  nextEpoch,
  registerNode,
  signBatch,
  submitBatch,
  submitUsage,
  USD,
} from "../support/scenario.ts";
import { type Serving, SKIPPED, serving, skippedIn } from "../support/settlement.ts";

/** Usage that costs more than any cap here. */
const PLENTY = 1_000_000_000n;

const submitPlenty = (t: Serving, epoch: number) =>
  submitUsage(t, { nodeId: t.nodeId, epoch, receipts: [{ projectId: t.projectId, cpuMs: PLENTY }] });
const refusesAll = async (t: Serving, nodeId: number, epoch: number, operator = t.operator1) =>
  assertions.revertWithCustomErrorWithArgs(
    submitBatch(t, await signBatch(t, { nodeId, epoch, receipts: [{ projectId: t.projectId }], operator })),
    t.settlement,
    "NothingCounted",
    [nodeId, epoch],
  );

describe("UsageSettlement.submit, the terms of the epoch", () => {
  it("charges by the cap of the receipt's epoch, whatever it was changed to since", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const owner = { account: t.owner.account };
    await t.projects.write.setBudget([t.projectId, 2_000_000], owner);
    await moveToEpoch(t, t.epoch + 1);
    await t.projects.write.setBudget([t.projectId, 3_000_000], owner);
    await moveToEpoch(t, t.epoch + 3);
    await t.projects.write.setBudget([t.projectId, 4_000_000], owner);
    for (const [ahead, cap] of [
      [1, 2n * USD],
      [0, 1n * USD],
      [2, 3n * USD],
    ] as const) {
      await submitPlenty(t, t.epoch + ahead);
      assert.deepEqual(await t.settlement.read.pending([t.nodeId, t.epoch + ahead]), [cap, 500]);
    }
  });

  it("counts a node that lost its seat for the epochs in which it had it, and for no later one", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const { nodeId, otherNodeId, projectId, epoch } = t;
    await t.projects.write.setReplicas([projectId, [otherNodeId]], { account: t.owner.account });
    await moveToEpoch(t, epoch + 2);
    await refusesAll(t, nodeId, epoch + 1);
    await refusesAll(t, otherNodeId, epoch, t.operator2);

    await submitUsage(t, { nodeId, epoch, receipts: [{ projectId }] });
    await submitUsage(t, {
      nodeId: otherNodeId,
      epoch: epoch + 1,
      receipts: [{ projectId }],
      operator: t.operator2,
    });
    assert.equal(await t.settlement.read.isCounted([projectId, epoch, 0]), true);
    assert.equal(await t.settlement.read.isCounted([projectId, epoch + 1, 0]), true);
  });

  it("judges by the last of several changes in one epoch", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const { nodeId, otherNodeId, projectId, epoch } = t;
    await t.projects.write.setReplicas([projectId, [otherNodeId]], { account: t.owner.account });
    await t.projects.write.setReplicas([projectId, [otherNodeId, nodeId]], { account: t.owner.account });
    await moveToEpoch(t, epoch + 2);
    await submitUsage(t, { nodeId, epoch: epoch + 1, receipts: [{ projectId }] });
    assert.equal(await t.settlement.read.isCounted([projectId, epoch + 1, 0]), false);
    assert.equal(await t.settlement.read.isCounted([projectId, epoch + 1, 1]), true);
  });

  it("counts the epoch in which a node left its seat, and in which the project was closed", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const { nodeId, projectId, epoch } = t;
    await t.projects.write.leaveSeats([[projectId], nodeId], { account: t.operator1.account });
    await t.projects.write.close([projectId], { account: t.owner.account });
    await moveToEpoch(t, epoch + 2);
    await refusesAll(t, nodeId, epoch + 1);
    await submitUsage(t, { nodeId, epoch, receipts: [{ projectId }] });
    assert.equal(await t.settlement.read.isCounted([projectId, epoch, 0]), true);
  });

  it("counts nothing from before the project was made, and its first epoch in full", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const { nodeId, epoch } = t;
    await nextEpoch(t);
    const young = await createProject(t, { nodeIds: [nodeId] });
    await nextEpoch(t);
    const receipts = [{ projectId: young }, { projectId: t.projectId }];
    const hash = await submitBatch(t, await signBatch(t, { nodeId, epoch, receipts }));
    assert.deepEqual(await skippedIn(t, hash), [[young, SKIPPED.noSeat]]);
    await submitUsage(t, { nodeId, epoch: epoch + 1, receipts: [{ projectId: young }] });
    assert.equal(await t.settlement.read.isCounted([young, epoch + 1, 0]), true);
  });

  it("counts eight seats, each by its own place", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const { nodeId, otherNodeId } = t;
    const nodeIds = [otherNodeId];
    for (let i = 0; i < 6; i++) {
      nodeIds.push(await registerNode(t, { operator: addressOf(t.operator2) }));
    }
    const epoch = await nextEpoch(t);
    const projectId = await createProject(t, { nodeIds: [...nodeIds, nodeId] });
    await nextEpoch(t);
    await submitUsage(t, { nodeId, epoch, receipts: [{ projectId }] });
    const seats = await Promise.all(
      Array.from({ length: 9 }, (_, seat) => t.settlement.read.isCounted([projectId, epoch, seat])),
    );
    assert.deepEqual(
      seats,
      Array.from({ length: 9 }, (_, seat) => seat === 7),
    );
  });
});
