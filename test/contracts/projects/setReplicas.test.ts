import assert from "node:assert/strict";
import {
  addressOf,
  by,
  CAP,
  eventsOf,
  load,
  PROJECT,
  pauseProjects,
  REGION_3,
  refused,
  retireNode,
  setFull,
  setPresence,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { FULL, moveToEpoch, nextEpoch, registerNode, USD } from "../support/scenario.ts";

describe("ProjectRegistry.setReplicas", () => {
  it("seats the named nodes from the next epoch on; the current one is judged by the old seats", async () => {
    const t = await load(withProject);
    const before = await t.lens.read.projectOf([PROJECT]);
    const sent = t.projects.write.setReplicas([PROJECT, [5, 1, 4]], by(t.owner));
    assert.deepEqual(await eventsOf(t, sent), [
      {
        eventName: "TermsSet",
        projectId: PROJECT,
        fromEpoch: t.epoch + 1,
        cap: CAP,
        nodeIds: [5, 1, 4],
      },
    ]);
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), {
      ...before,
      nodeIds: [5, 1, 4],
      fromEpoch: t.epoch + 1,
    });
    const { fromEpoch } = before;
    assert.deepEqual(await t.projects.read.termsAt([PROJECT, t.epoch]), [[1, 2, 3], CAP, fromEpoch]);
    assert.deepEqual(await t.projects.read.termsAt([PROJECT, t.epoch + 1]), [[5, 1, 4], CAP, t.epoch + 1]);
  });

  it("sets how many seats a refill fills, and leaves its regions and its pin", async () => {
    const t = await load(withProject);
    await t.projects.write.setRefill([PROJECT, REGION_3, true], by(t.owner));
    const sent = t.projects.write.setReplicas([PROJECT, [4, 5]], by(t.owner));
    assert.deepEqual(await eventsOf(t, sent), [
      {
        eventName: "TermsSet",
        projectId: PROJECT,
        fromEpoch: t.epoch + 1,
        cap: CAP,
        nodeIds: [4, 5],
      },
      {
        eventName: "RefillSet",
        projectId: PROJECT,
        seats: 2,
        regionMask: REGION_3,
        pinHome: true,
        isChosen: true,
      },
    ]);
    const { seats, regionMask, pinHome } = await t.lens.read.projectOf([PROJECT]);
    assert.deepEqual({ seats, regionMask, pinHome }, { seats: 2, regionMask: REGION_3, pinHome: true });
  });

  it("keeps the cap, also one that counts from the next epoch", async () => {
    const t = await load(withProject);
    await t.projects.write.setBudget([PROJECT, 5_000], by(t.owner));
    await t.projects.write.setReplicas([PROJECT, [4]], by(t.owner));
    assert.deepEqual(await t.projects.read.termsAt([PROJECT, t.epoch + 1]), [[4], 5_000, t.epoch + 1]);
  });

  it("leaves the last of several changes in one epoch", async () => {
    const t = await load(withProject);
    for (const nodeIds of [[4], [5, 4], [2, 5, 3, 1]]) {
      await t.projects.write.setReplicas([PROJECT, nodeIds], by(t.owner));
    }
    const [current] = await t.projects.read.termsAt([PROJECT, t.epoch]);
    const [next] = await t.projects.read.termsAt([PROJECT, t.epoch + 1]);
    assert.deepEqual(
      [current, next],
      [
        [1, 2, 3],
        [2, 5, 3, 1],
      ],
    );
    await nextEpoch(t);
    await t.projects.write.setReplicas([PROJECT, [4]], by(t.owner));
    const [judged] = await t.projects.read.termsAt([PROJECT, t.epoch + 1]);
    assert.deepEqual(judged, [2, 5, 3, 1]);
  });

  it("lets nobody refill what was drawn before, unless the owner says so", async () => {
    const t = await load(withProject);
    await t.projects.write.assignReplicas([PROJECT, 3, REGION_3], by(t.owner));
    const masks: number[] = [];
    const setReplicas = async (nodeIds: number[]) => {
      await t.projects.write.setReplicas([PROJECT, nodeIds], by(t.owner));
      masks.push((await t.lens.read.projectOf([PROJECT])).regionMask);
    };
    await setReplicas([1, 2]);
    await t.projects.write.setRefill([PROJECT, REGION_3, true], by(t.owner));
    await setReplicas([1, 2, 3]);
    await setReplicas([1]);
    await t.projects.write.setRefill([PROJECT, 0, true], by(t.owner));
    await setReplicas([1, 4]);
    assert.deepEqual(masks, [0, REGION_3, REGION_3, 0]);
  });

  it("asks a new node whether it takes the project, and not one that has a seat in the newest terms", async () => {
    const t = await load(withProject);
    const set = (nodeIds: number[]) => t.projects.write.setReplicas([PROJECT, nodeIds], by(t.owner));
    for (const nodeId of [2, 4]) await setFull(t, nodeId);
    await refused(set([1, 4]), t.nodes, "CapBelowLeast", [4, CAP, FULL]);
    await set([2, 1]);
    assert.deepEqual((await t.lens.read.projectOf([PROJECT])).nodeIds, [2, 1]);

    // Node 3 sat in the terms before the newest: it is asked again.
    await setPresence(t, 3, t.epoch + 1);
    await moveToEpoch(t, t.epoch + 2);
    await refused(set([2, 3]), t.nodes, "NodeAbsent", [3, t.epoch + 1]);
    await setPresence(t, 3, t.epoch + 2, CAP + 1);
    await refused(set([2, 3]), t.nodes, "CapBelowLeast", [3, CAP, CAP + 1]);
    await setPresence(t, 3, t.epoch + 2, CAP);
    await set([2, 3]);
  });

  it("needs the stake for a new seat; one that is kept is not asked", async () => {
    const t = await load(withProject);
    const set = (nodeIds: number[]) => t.projects.write.setReplicas([PROJECT, nodeIds], by(t.owner));
    await t.projects.write.setBudget([PROJECT, 10 * CAP], by(t.owner));
    const [poor, poorer] = [
      await registerNode(t, { stake: 1_200n * USD }),
      await registerNode(t, { stake: 1_199n * USD }),
    ];
    await set([1, poor]);
    await refused(set([1, poorer]), t.nodes, "StakeTooSmallForCap", [poorer, 1_199n * USD, 1_200n * USD]);
    await t.nodes.write.requestUnstake([poor, 200n * USD], by(t.nodeOwner1));
    await set([poor]);
    await set([1]);
    await refused(set([poor]), t.nodes, "StakeTooSmallForCap", [poor, 1_000n * USD, 1_200n * USD]);
  });

  it("refuses what cannot sit", async () => {
    const t = await load(withProject);
    const set = (nodeIds: number[]) => t.projects.write.setReplicas([PROJECT, nodeIds], by(t.owner));
    await refused(set([]), t.projects, "SeatCountOutOfRange", [0n]);
    await refused(set([1, 2, 3, 4, 5, 1, 2, 3, 4]), t.projects, "SeatCountOutOfRange", [9n]);
    await refused(set([1, 6]), t.nodes, "UnknownNode", [6]);
    await refused(set([1, 0]), t.nodes, "UnknownNode", [0]);
    await refused(set([3, 4, 3]), t.projects, "NodeSeatedTwice", [3]);
    await retireNode(t, 2);
    await refused(set([1, 2]), t.nodes, "NodeRetired", [2, t.epoch + 1]);
  });

  it("is the owner's alone, not a delegate's", async () => {
    const t = await load(withProject);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    const call = t.projects.write.setReplicas([PROJECT, [1]], by(t.stranger));
    await refused(call, t.projects, "NotProjectOwner", [PROJECT, addressOf(t.stranger), addressOf(t.owner)]);
  });

  it("refuses a project that is closed, or that does not exist", async () => {
    const t = await load(withProject);
    const set = (projectId: bigint) => t.projects.write.setReplicas([projectId, [1]], by(t.owner));
    await refused(set(UNKNOWN), t.projects, "UnknownProject", [UNKNOWN]);
    await t.projects.write.close([PROJECT], by(t.owner));
    await refused(set(PROJECT), t.projects, "ProjectClosed", [PROJECT]);
  });

  it("goes on during a pause", async () => {
    const t = await load(withProject);
    await pauseProjects(t);
    await t.projects.write.setReplicas([PROJECT, [4]], by(t.owner));
    assert.deepEqual((await t.lens.read.projectOf([PROJECT])).nodeIds, [4]);
  });
});
