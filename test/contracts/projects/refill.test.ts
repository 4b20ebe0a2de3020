import assert from "node:assert/strict";
import { networkHelpers } from "../support/network.ts";
import {
  by,
  CAP,
  eventsOf,
  fund,
  load,
  PROJECT,
  type ProjectNetwork,
  pauseProjects,
  REGION_1,
  REGION_3,
  refused,
  retireNode,
  setFull,
  setPresence,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import {
  ALL_REGIONS,
  FULL,
  moveToEpoch,
  nextEpoch,
  registerNode,
  USD,
  zoneName,
} from "../support/scenario.ts";

/** Project 1 with credit; its owner lets anyone refill every seat, the home among them, from anywhere. */
async function withRefills() {
  const t = await withProject();
  await t.projects.write.setRefill([PROJECT, ALL_REGIONS, false], by(t.owner));
  await fund(t, PROJECT, 1_000n * USD);
  return t;
}

const nodeIdsOf = async ({ lens }: ProjectNetwork, projectId = PROJECT) =>
  (await lens.read.projectOf([projectId])).nodeIds;

/** The settlement slashes a node, as at the end of a dispute. */
async function slash({ nodes, settlement, escrow }: ProjectNetwork, nodeId: number, amount: bigint) {
  await networkHelpers.impersonateAccount(settlement.address);
  await networkHelpers.setBalance(settlement.address, 10n ** 18n);
  await nodes.write.slash([nodeId, amount, escrow.address], { account: settlement.address });
  await networkHelpers.stopImpersonatingAccount(settlement.address);
}

const refill = (t: ProjectNetwork, projectId = PROJECT) =>
  t.projects.write.refill([projectId], by(t.stranger));

describe("ProjectRegistry.refill", () => {
  it("fills an empty seat from the next epoch on, for anyone", async () => {
    const t = await load(withRefills);
    await t.projects.write.leaveSeats([[PROJECT], 2], by(t.nodeOwner1));
    await setFull(t, 2);
    const before = await t.lens.read.projectOf([PROJECT]);
    await nextEpoch(t);
    const sent = await refill(t);
    const nodeIds = await nodeIdsOf(t);
    assert.ok([4, 5].includes(nodeIds[1] ?? 0));
    assert.deepEqual([nodeIds[0], nodeIds[2], nodeIds.length], [1, 3, 3]);
    assert.deepEqual(await eventsOf(t, sent), [
      { eventName: "TermsSet", projectId: PROJECT, fromEpoch: t.epoch + 2, cap: CAP, nodeIds },
    ]);
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), {
      ...before,
      nodeIds,
      fromEpoch: t.epoch + 2,
    });
    const [current] = await t.projects.read.termsAt([PROJECT, t.epoch + 1]);
    assert.deepEqual(current, [1, 0, 3]);
  });

  it("fills up to the seats that were asked for, from the regions that were asked for", async () => {
    const t = await load(withRefills);
    await t.projects.write.createProject([zoneName("far"), 3, REGION_1, CAP], by(t.owner));
    assert.deepEqual(await nodeIdsOf(t, 2n), [5]);
    for (let i = 0; i < 4; i++) await registerNode(t, { region: 1 });
    await fund(t, 2n, 100n * USD);
    await refill(t, 2n);
    const nodeIds = await nodeIdsOf(t, 2n);
    assert.equal(nodeIds[0], 5);
    assert.equal(nodeIds.length, 3);
    assert.ok(nodeIds.every((nodeId) => nodeId >= 5));
    await refused(refill(t, 2n), t.projects, "NothingToRefill", [2n]);
  });

  it("replaces a node that retired, at once", async () => {
    const t = await load(withRefills);
    await refused(refill(t), t.projects, "NothingToRefill", [PROJECT]);
    await retireNode(t, 3);
    await refill(t);
    const [first, second, third] = await nodeIdsOf(t);
    assert.deepEqual([first, second], [1, 2]);
    assert.ok([4, 5].includes(third ?? 0));
  });

  it("replaces a node whose promise is expired for two whole epochs, not sooner", async () => {
    const t = await load(withRefills);
    await setPresence(t, 2, t.epoch + 1);
    for (const epoch of [t.epoch + 2, t.epoch + 3]) {
      await moveToEpoch(t, epoch);
      await refused(refill(t), t.projects, "NothingToRefill", [PROJECT]);
    }
    await moveToEpoch(t, t.epoch + 4);
    await refill(t);
    const [first, second, third] = await nodeIdsOf(t);
    assert.deepEqual([first, third], [1, 3]);
    assert.ok([4, 5].includes(second ?? 0));
  });

  it("leaves a node that is full while it is present, and replaces one that died full", async () => {
    const t = await load(withRefills);
    await setFull(t, 2);
    await moveToEpoch(t, t.epoch + 25);
    await refused(refill(t), t.projects, "NothingToRefill", [PROJECT]);
    await setPresence(t, 2, t.epoch + 26, FULL);
    for (const nodeId of [1, 3, 4, 5]) await setPresence(t, nodeId, t.epoch + 40);
    await moveToEpoch(t, t.epoch + 28);
    await refused(refill(t), t.projects, "NothingToRefill", [PROJECT]);
    await moveToEpoch(t, t.epoch + 29);
    await refill(t);
    const [first, second, third] = await nodeIdsOf(t);
    assert.deepEqual([first, third], [1, 3]);
    assert.ok([4, 5].includes(second ?? 0));
  });

  it("never touches the home unless the owner said so", async () => {
    const t = await load(withRefills);
    await t.projects.write.createProject([zoneName("drawn"), 3, ALL_REGIONS, CAP], by(t.owner));
    await fund(t, 2n, 100n * USD);
    const [home] = await nodeIdsOf(t, 2n);
    assert.ok(home !== undefined);
    assert.equal((await t.lens.read.projectOf([2n])).pinHome, true);
    await retireNode(t, home);
    await refused(refill(t, 2n), t.projects, "NothingToRefill", [2n]);
    await t.projects.write.setRefill([2n, ALL_REGIONS, false], by(t.owner));
    await refill(t, 2n);
    assert.notEqual((await nodeIdsOf(t, 2n))[0], home);
  });

  it("replaces a node whose stake fell below what the cap needs", async () => {
    const t = await load(withRefills);
    const poor = await registerNode(t, { stake: 1_300n * USD });
    await t.projects.write.setBudget([PROJECT, 10 * CAP], by(t.owner));
    await t.projects.write.setReplicas([PROJECT, [1, poor]], by(t.owner));
    await slash(t, poor, 100n * USD);
    await refused(refill(t), t.projects, "NothingToRefill", [PROJECT]);
    await t.nodes.write.requestUnstake([poor, 1n], by(t.nodeOwner1));
    await refill(t);
    const [home, second] = await nodeIdsOf(t);
    assert.equal(home, 1);
    assert.ok([2, 3, 4, 5].includes(second ?? 0), "the node whose stake thaws still sits");
  });

  it("leaves a node that was slashed below the least stake until its owner can no longer make up for it", async () => {
    const t = await load(withRefills);
    const poor = await registerNode(t, { stake: 1_100n * USD });
    await t.projects.write.setReplicas([PROJECT, [1, poor]], by(t.owner));
    const epoch = await nextEpoch(t);
    await slash(t, poor, 200n * USD);
    assert.equal((await t.nodes.read.nodeOf([poor])).retiredFrom, epoch + 2);
    await refused(refill(t), t.projects, "NothingToRefill", [PROJECT]);
    await nextEpoch(t);
    await refill(t);
    assert.ok([2, 3, 4, 5].includes((await nodeIdsOf(t))[1] ?? 0), "the slashed node still sits");
  });

  it("goes on only while the credit covers this epoch's budget and the next with what it adds", async () => {
    const t = await load(withProject);
    await t.projects.write.setRefill([PROJECT, ALL_REGIONS, true], by(t.owner));
    await t.projects.write.leaveSeats([[PROJECT], 2], by(t.nodeOwner1));
    await nextEpoch(t, 6);
    // Two seats charged in each of the four epochs that may still be submitted, and charge now; three will from the next
    // epoch on.
    await fund(t, PROJECT, 8n * USD + 5n * USD - 1n);
    await refused(refill(t), t.projects, "TooLittleAvailable", [PROJECT, 5n * USD - 1n, 5n * USD]);
    await fund(t, PROJECT, 1n);
    await t.escrow.write.requestWithdraw([PROJECT, 1n], by(t.owner));
    await refused(refill(t), t.projects, "TooLittleAvailable", [PROJECT, 5n * USD - 1n, 5n * USD]);
    await t.escrow.write.cancelWithdraw([PROJECT], by(t.owner));
    await refill(t);
  });

  it("leaves a node that promised again", async () => {
    const t = await load(withRefills);
    await setPresence(t, 2, t.epoch + 1);
    await moveToEpoch(t, t.epoch + 5);
    await setPresence(t, 2, t.epoch + 5);
    await refused(refill(t), t.projects, "NothingToRefill", [PROJECT]);
  });

  it("moves a home that is gone, but never a pinned one", async () => {
    const t = await load(withRefills);
    await t.projects.write.setRefill([PROJECT, ALL_REGIONS, true], by(t.owner));
    await retireNode(t, 1);
    await refused(refill(t), t.projects, "NothingToRefill", [PROJECT]);
    await retireNode(t, 2);
    await refill(t);
    const [home, second, third] = await nodeIdsOf(t);
    assert.deepEqual([home, third], [1, 3]);
    assert.ok([4, 5].includes(second ?? 0));

    await t.projects.write.setRefill([PROJECT, ALL_REGIONS, false], by(t.owner));
    await refill(t);
    const after = await nodeIdsOf(t);
    assert.ok([4, 5].includes(after[0] ?? 0));
    assert.deepEqual(after.slice(1), [second, 3]);
  });

  it("leaves a pinned home empty", async () => {
    const t = await load(withRefills);
    await t.projects.write.setRefill([PROJECT, ALL_REGIONS, true], by(t.owner));
    await t.projects.write.leaveSeats([[PROJECT], 1], by(t.nodeOwner1));
    await refused(refill(t), t.projects, "NothingToRefill", [PROJECT]);
  });

  it("never seats a node twice: 20 draws among those that sit already", async () => {
    const t = await load(withRefills);
    const filled = new Set<number | undefined>();
    for (let i = 0; i < 20; i++) {
      await t.projects.write.leaveSeats([[PROJECT], 2], by(t.nodeOwner1));
      await refill(t);
      const nodeIds = await nodeIdsOf(t);
      assert.equal(new Set(nodeIds).size, 3);
      assert.deepEqual([nodeIds[0], nodeIds[2]], [1, 3]);
      filled.add(nodeIds[1]);
      await t.projects.write.setReplicas([PROJECT, [1, 2, 3]], by(t.owner));
    }
    assert.ok(filled.size > 1, "20 draws gave the same node");
  });

  it("fills eight seats of which seven are taken, from a pool of eight", async () => {
    const t = await load(withRefills);
    for (let i = 0; i < 3; i++) await registerNode(t);
    await t.projects.write.setReplicas([PROJECT, [8, 7, 6, 5, 4, 3, 2, 1]], by(t.owner));
    await t.projects.write.leaveSeats([[PROJECT], 5], by(t.nodeOwner1));
    await refill(t);
    assert.deepEqual(await nodeIdsOf(t), [8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it("fills what it can when the nodes are too few, the foremost seat first", async () => {
    const t = await load(withRefills);
    await setFull(t, 5);
    await retireNode(t, 2);
    await retireNode(t, 3);
    await refill(t);
    assert.deepEqual(await nodeIdsOf(t), [1, 4, 3]);
  });

  it("refuses when all that take projects sit already, or none does", async () => {
    const t = await load(withRefills);
    await t.projects.write.setRefill([PROJECT, REGION_3, false], by(t.owner));
    await setFull(t, 4);
    await retireNode(t, 2);
    await refused(refill(t), t.nodes, "NoNodes", [REGION_3]);
    await t.projects.write.setRefill([PROJECT, 1, false], by(t.owner));
    await refused(refill(t), t.nodes, "NoNodes", [1]);
  });

  it("draws from nowhere with an empty mask", async () => {
    const t = await load(withRefills);
    await t.projects.write.setRefill([PROJECT, 0, false], by(t.owner));
    await retireNode(t, 2);
    await refused(refill(t), t.nodes, "RegionMaskOutOfRange", [0]);
    assert.deepEqual(await nodeIdsOf(t), [1, 2, 3]);
  });

  it("refuses a project that is closed, or that does not exist", async () => {
    const t = await load(withRefills);
    await refused(refill(t, UNKNOWN), t.projects, "UnknownProject", [UNKNOWN]);
    await t.projects.write.close([PROJECT], by(t.owner));
    await refused(refill(t), t.projects, "ProjectClosed", [PROJECT]);
  });

  it("goes on during a pause", async () => {
    const t = await load(withRefills);
    await retireNode(t, 3);
    await pauseProjects(t);
    await refill(t);
    assert.notEqual((await nodeIdsOf(t))[2], 3);
  });
});
