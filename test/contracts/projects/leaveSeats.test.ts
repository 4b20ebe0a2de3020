import assert from "node:assert/strict";
import {
  addressOf,
  by,
  CAP,
  eventsOf,
  load,
  PROJECT,
  pauseProjects,
  refused,
  retireNode,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { zoneName } from "../support/scenario.ts";

describe("ProjectRegistry.leaveSeats", () => {
  it("empties the node's seat from the next epoch on; the others keep theirs", async () => {
    const t = await load(withProject);
    const before = await t.lens.read.projectOf([PROJECT]);
    assert.deepEqual(await eventsOf(t, t.projects.write.leaveSeats([[PROJECT], 2], by(t.nodeOwner1))), [
      {
        eventName: "TermsSet",
        projectId: PROJECT,
        fromEpoch: t.epoch + 1,
        cap: CAP,
        nodeIds: [1, 0, 3],
      },
    ]);
    const left = { ...before, nodeIds: [1, 0, 3], fromEpoch: t.epoch + 1 };
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), left);
    const [current] = await t.projects.read.termsAt([PROJECT, t.epoch]);
    assert.deepEqual(current, [1, 2, 3]);
  });

  it("empties the home and the last seat alike", async () => {
    const t = await load(withProject);
    await t.projects.write.leaveSeats([[PROJECT], 3], by(t.nodeOwner1));
    assert.deepEqual((await t.lens.read.projectOf([PROJECT])).nodeIds, [1, 2]);
    await t.projects.write.leaveSeats([[PROJECT], 1], by(t.nodeOwner1));
    assert.deepEqual((await t.lens.read.projectOf([PROJECT])).nodeIds, [0, 2]);
    await t.projects.write.leaveSeats([[PROJECT], 2], by(t.nodeOwner1));
    assert.deepEqual((await t.lens.read.projectOf([PROJECT])).nodeIds, []);
    assert.equal((await t.lens.read.projectOf([PROJECT])).seats, 3);
  });

  it("passes over projects where the node has no seat, that are closed, or that do not exist", async () => {
    const t = await load(withProject);
    const create = (label: string, nodeIds: number[]) =>
      t.projects.write.createProjectOn([zoneName(label), nodeIds, 9_000], by(t.stranger));
    await create("without", [1, 2]);
    await create("home", [4, 5]);
    await create("closed", [4]);
    await create("another", [1, 4]);
    await t.projects.write.close([4n], by(t.stranger));
    const [newest, past] = [await t.lens.read.projectOf([2n]), await t.lens.read.projectOf([4n])];

    const sent = t.projects.write.leaveSeats([[0n, PROJECT, 2n, 5n, 4n, UNKNOWN, 3n], 4], by(t.nodeOwner1));
    const from = { eventName: "TermsSet" as const, fromEpoch: t.epoch + 1, cap: 9_000 };
    assert.deepEqual(await eventsOf(t, sent), [
      { ...from, projectId: 5n, nodeIds: [1] },
      { ...from, projectId: 3n, nodeIds: [0, 5] },
    ]);
    assert.deepEqual(await t.lens.read.projectOf([2n]), newest);
    assert.deepEqual(await t.lens.read.projectOf([4n]), past);
  });

  it("takes back a seat of the same epoch, which then never counts", async () => {
    const t = await load(withProject);
    await t.projects.write.setReplicas([PROJECT, [4, 5]], by(t.owner));
    await t.projects.write.leaveSeats([[PROJECT, PROJECT], 4], by(t.nodeOwner1));
    const [next] = await t.projects.read.termsAt([PROJECT, t.epoch + 1]);
    assert.deepEqual(next, [0, 5]);
  });

  it("is for the node's owner or operator, not for the project's owner", async () => {
    const t = await load(withProject);
    for (const wallet of [t.owner, t.stranger, t.operator2]) {
      const call = t.projects.write.leaveSeats([[PROJECT], 2], by(wallet));
      await refused(call, t.nodes, "NotNodeKeeper", [2, addressOf(wallet)]);
    }
    await t.projects.write.leaveSeats([[PROJECT], 2], by(t.operator1));
    assert.deepEqual((await t.lens.read.projectOf([PROJECT])).nodeIds, [1, 0, 3]);
  });

  it("refuses a node that does not exist", async () => {
    const t = await load(withProject);
    for (const nodeId of [0, 6]) {
      const call = t.projects.write.leaveSeats([[PROJECT], nodeId], by(t.nodeOwner1));
      await refused(call, t.nodes, "UnknownNode", [nodeId]);
    }
  });

  it("works for a node that retired, and during a pause", async () => {
    const t = await load(withProject);
    await retireNode(t, 2);
    await pauseProjects(t);
    await t.projects.write.leaveSeats([[PROJECT], 2], by(t.nodeOwner1));
    assert.deepEqual((await t.lens.read.projectOf([PROJECT])).nodeIds, [1, 0, 3]);
  });
});
