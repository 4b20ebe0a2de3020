import assert from "node:assert/strict";
import {
  addressOf,
  by,
  CAP,
  eventsOf,
  load,
  PROJECT,
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
import { ALL_REGIONS, moveToEpoch, nextEpoch } from "../support/scenario.ts";

const nodeIdsOf = async (t: Awaited<ReturnType<typeof withProject>>) =>
  (await t.lens.read.projectOf([PROJECT])).nodeIds;

describe("ProjectRegistry.assignReplicas", () => {
  it("draws from the masked regions from the next epoch on, and remembers them for refills", async () => {
    const t = await load(withProject);
    await t.projects.write.setRefill([PROJECT, ALL_REGIONS, true], by(t.owner));
    const sent = t.projects.write.assignReplicas([PROJECT, 4, REGION_3], by(t.owner));
    const events = await eventsOf(t, sent);
    const nodeIds = await nodeIdsOf(t);
    assert.deepEqual(nodeIds.toSorted(), [1, 2, 3, 4]);
    assert.deepEqual(events, [
      { eventName: "TermsSet", projectId: PROJECT, fromEpoch: t.epoch + 1, cap: CAP, nodeIds },
      {
        eventName: "RefillSet",
        projectId: PROJECT,
        seats: 4,
        regionMask: REGION_3,
        pinHome: true,
        isChosen: false,
      },
    ]);
    const [current] = await t.projects.read.termsAt([PROJECT, t.epoch]);
    assert.deepEqual(current, [1, 2, 3]);
  });

  it("keeps the home, whatever is drawn, and seats nobody twice", async () => {
    const t = await load(withProject);
    const drawn = new Set<string>();
    for (let i = 0; i < 25; i++) {
      await t.projects.write.assignReplicas([PROJECT, 3, ALL_REGIONS], by(t.owner));
      const [home, ...others] = await nodeIdsOf(t);
      assert.equal(home, 1);
      assert.equal(new Set([home, ...others]).size, 3);
      drawn.add(others.join());
    }
    assert.ok(drawn.size > 3, "25 draws gave the same nodes");
  });

  it("keeps a home that is full, or in another region", async () => {
    const t = await load(withProject);
    await setFull(t, 1);
    await t.projects.write.assignReplicas([PROJECT, 4, REGION_3], by(t.owner));
    const [home, ...others] = await nodeIdsOf(t);
    assert.equal(home, 1);
    assert.ok(others.every((nodeId) => [2, 3, 4].includes(nodeId)));
    await t.projects.write.assignReplicas([PROJECT, 1, REGION_1], by(t.owner));
    assert.deepEqual(await nodeIdsOf(t), [1]);
  });

  it("asks nobody but the home where the home is all there is to be", async () => {
    const t = await load(withProject);
    for (const nodeId of [1, 2, 3, 4, 5]) await setFull(t, nodeId);
    const assign = (count: number, mask: number) =>
      t.projects.write.assignReplicas([PROJECT, count, mask], by(t.owner));
    await assign(1, REGION_1);
    assert.deepEqual(await nodeIdsOf(t), [1]);
    const { seats, regionMask } = await t.lens.read.projectOf([PROJECT]);
    assert.deepEqual([seats, regionMask], [1, REGION_1]);

    // The mask is for refills to come: it is looked at all the same.
    for (const mask of [0, 0x200, 0xffff])
      await refused(assign(1, mask), t.nodes, "RegionMaskOutOfRange", [mask]);
    await refused(assign(2, ALL_REGIONS), t.nodes, "NoNodes", [ALL_REGIONS]);
    await retireNode(t, 1);
    await refused(assign(1, ALL_REGIONS), t.nodes, "NoNodes", [ALL_REGIONS]);
  });

  it("seats as many others as there are behind a home that was not drawn", async () => {
    const t = await load(withProject);
    await t.projects.write.assignReplicas([PROJECT, 3, REGION_1], by(t.owner));
    assert.deepEqual(await nodeIdsOf(t), [1, 5]);
    await t.projects.write.assignReplicas([PROJECT, 2, REGION_1], by(t.owner));
    assert.deepEqual(await nodeIdsOf(t), [1, 5]);
  });

  it("gives the home of a node that retired to another", async () => {
    const t = await load(withProject);
    await retireNode(t, 1);
    await t.projects.write.assignReplicas([PROJECT, 4, ALL_REGIONS], by(t.owner));
    assert.deepEqual((await nodeIdsOf(t)).toSorted(), [2, 3, 4, 5]);
  });

  it("gives the home away once its node's promise is expired for two whole epochs", async () => {
    const t = await load(withProject);
    await setPresence(t, 1, t.epoch + 1);
    await moveToEpoch(t, t.epoch + 3);
    await t.projects.write.assignReplicas([PROJECT, 3, ALL_REGIONS], by(t.owner));
    assert.equal((await nodeIdsOf(t))[0], 1);
    await moveToEpoch(t, t.epoch + 4);
    await t.projects.write.assignReplicas([PROJECT, 4, ALL_REGIONS], by(t.owner));
    assert.deepEqual((await nodeIdsOf(t)).toSorted(), [2, 3, 4, 5]);
  });

  it("draws a home where there is none", async () => {
    const t = await load(withProject);
    await t.projects.write.leaveSeats([[PROJECT], 1], by(t.nodeOwner1));
    await t.projects.write.assignReplicas([PROJECT, 1, REGION_1], by(t.owner));
    assert.deepEqual(await nodeIdsOf(t), [5]);
  });

  it("draws 1 to 8, from regions that exist, where nodes take projects", async () => {
    const t = await load(withProject);
    const assign = (count: number, mask: number) =>
      t.projects.write.assignReplicas([PROJECT, count, mask], by(t.owner));
    await refused(assign(0, ALL_REGIONS), t.projects, "SeatCountOutOfRange", [0n]);
    await refused(assign(9, ALL_REGIONS), t.projects, "SeatCountOutOfRange", [9n]);
    await refused(assign(3, 0), t.nodes, "RegionMaskOutOfRange", [0]);
    await refused(assign(3, 0x200), t.nodes, "RegionMaskOutOfRange", [0x200]);
    await refused(assign(3, 1), t.nodes, "NoNodes", [1]);
    await assign(8, ALL_REGIONS);
    assert.equal((await t.lens.read.projectOf([PROJECT])).seats, 8);
  });

  it("keeps the cap and says nothing about refills that stay as they are", async () => {
    const t = await load(withProject);
    await t.projects.write.setBudget([PROJECT, 5_000], by(t.owner));
    await t.projects.write.assignReplicas([PROJECT, 3, ALL_REGIONS], by(t.owner));
    await nextEpoch(t);
    const events = await eventsOf(t, t.projects.write.assignReplicas([PROJECT, 3, ALL_REGIONS], by(t.owner)));
    assert.deepEqual(
      events.map(({ eventName }) => eventName),
      ["TermsSet"],
    );
    assert.equal((await t.lens.read.projectOf([PROJECT])).cap, 5_000);
  });

  it("draws nodes that take the cap and have the stake for it; the home that stays is not asked", async () => {
    const t = await load(withProject);
    await setPresence(t, 1, t.epoch + 9, 2 * CAP);
    await setPresence(t, 2, t.epoch + 9, CAP + 1);
    await setPresence(t, 3, t.epoch + 9, CAP);
    await t.projects.write.assignReplicas([PROJECT, 8, REGION_3], by(t.owner));
    const [home, ...others] = await nodeIdsOf(t);
    assert.deepEqual([home, others.toSorted()], [1, [3, 4]]);
  });

  it("ends what the owner said of refills: who names nodes by hand after it wants no others", async () => {
    const t = await load(withProject);
    await t.projects.write.setRefill([PROJECT, REGION_1, false], by(t.owner));
    await t.projects.write.assignReplicas([PROJECT, 2, REGION_3], by(t.owner));
    const rule = async () => {
      const { regionMask, pinHome, refillIsChosen } = await t.lens.read.projectOf([PROJECT]);
      return { regionMask, pinHome, refillIsChosen };
    };
    assert.deepEqual(await rule(), { regionMask: REGION_3, pinHome: false, refillIsChosen: false });
    await t.projects.write.setReplicas([PROJECT, [4]], by(t.owner));
    assert.deepEqual(await rule(), { regionMask: 0, pinHome: false, refillIsChosen: false });
  });

  it("is the owner's alone, not a delegate's", async () => {
    const t = await load(withProject);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    const call = t.projects.write.assignReplicas([PROJECT, 3, ALL_REGIONS], by(t.stranger));
    await refused(call, t.projects, "NotProjectOwner", [PROJECT, addressOf(t.stranger), addressOf(t.owner)]);
  });

  it("refuses a project that is closed, or that does not exist", async () => {
    const t = await load(withProject);
    const assign = (projectId: bigint) =>
      t.projects.write.assignReplicas([projectId, 3, ALL_REGIONS], by(t.owner));
    await refused(assign(UNKNOWN), t.projects, "UnknownProject", [UNKNOWN]);
    await t.projects.write.close([PROJECT], by(t.owner));
    await refused(assign(PROJECT), t.projects, "ProjectClosed", [PROJECT]);
  });

  it("goes on during a pause", async () => {
    const t = await load(withProject);
    await pauseProjects(t);
    await t.projects.write.assignReplicas([PROJECT, 1, ALL_REGIONS], by(t.owner));
    assert.deepEqual(await nodeIdsOf(t), [1]);
  });
});
