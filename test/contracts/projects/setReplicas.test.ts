import assert from "node:assert/strict";
import {
  addressOf,
  by,
  DEFAULT_CAP,
  eventsOf,
  load,
  PROJECT,
  pauseProjects,
  REGION_3,
  refused,
  retireNode,
  setAccepting,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { ALL_REGIONS, nextEpoch } from "../support/scenario.ts";

describe("ProjectRegistry.setReplicas", () => {
  it("seats the named nodes from the next epoch on; the current one is judged by the old seats", async () => {
    const t = await load(withProject);
    const before = await t.projects.read.projectOf([PROJECT]);
    const sent = t.projects.write.setReplicas([PROJECT, [5, 1, 4]], by(t.owner));
    assert.deepEqual(await eventsOf(t, sent), [
      {
        eventName: "TermsSet",
        projectId: PROJECT,
        fromEpoch: t.epoch + 1,
        cap: DEFAULT_CAP,
        nodeIds: [5, 1, 4],
      },
    ]);
    assert.deepEqual(await t.projects.read.projectOf([PROJECT]), {
      ...before,
      nodeIds: [5, 1, 4],
      fromEpoch: t.epoch + 1,
    });
    const { fromEpoch } = before;
    assert.deepEqual(await t.projects.read.termsAt([PROJECT, t.epoch]), [[1, 2, 3], DEFAULT_CAP, fromEpoch]);
    assert.deepEqual(await t.projects.read.termsAt([PROJECT, t.epoch + 1]), [
      [5, 1, 4],
      DEFAULT_CAP,
      t.epoch + 1,
    ]);
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
        cap: DEFAULT_CAP,
        nodeIds: [4, 5],
      },
      { eventName: "RefillSet", projectId: PROJECT, seats: 2, regionMask: REGION_3, pinHome: true },
    ]);
    const { seats, regionMask, pinHome } = await t.projects.read.projectOf([PROJECT]);
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

  it("seats a node that is full", async () => {
    const t = await load(withProject);
    await setAccepting(t, 4, 0);
    await t.projects.write.setReplicas([PROJECT, [4]], by(t.owner));
    assert.deepEqual((await t.projects.read.projectOf([PROJECT])).nodeIds, [4]);
  });

  it("refuses what cannot sit", async () => {
    const t = await load(withProject);
    const set = (nodeIds: number[]) => t.projects.write.setReplicas([PROJECT, nodeIds], by(t.owner));
    await refused(set([]), t.projects, "SeatCount", [0n]);
    await refused(set([1, 2, 3, 4, 5, 1, 2, 3, 4]), t.projects, "SeatCount", [9n]);
    await refused(set([1, 6]), t.nodes, "UnknownNode", [6]);
    await refused(set([1, 0]), t.nodes, "UnknownNode", [0]);
    await refused(set([3, 4, 3]), t.projects, "SeatTwice", [3]);
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
    const { nodeIds, regionMask } = await t.projects.read.projectOf([PROJECT]);
    assert.deepEqual({ nodeIds, regionMask }, { nodeIds: [4], regionMask: ALL_REGIONS });
  });
});
