import assert from "node:assert/strict";
import { getAddress, zeroAddress } from "viem";
import {
  addressOf,
  by,
  CAP,
  DEFAULT_CAP,
  load,
  MAX_CAP,
  PROJECT,
  refused,
  retireNode,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { nextEpoch, USD, zoneName } from "../support/scenario.ts";

describe("ProjectRegistry.budgetAt", () => {
  it("is what all seats may charge in an epoch, by that epoch's own terms", async () => {
    const t = await load(withProject);
    const budgets = async () => [
      await t.projects.read.budgetAt([PROJECT, t.epoch - 2]),
      await t.projects.read.budgetAt([PROJECT, t.epoch]),
      await t.projects.read.budgetAt([PROJECT, t.epoch + 1]),
      await t.projects.read.budgetAt([PROJECT, t.epoch + 2]),
    ];
    assert.deepEqual(await budgets(), [0n, 3n * USD, 3n * USD, 3n * USD]);
    await t.projects.write.setBudget([PROJECT, 2 * CAP], by(t.owner));
    assert.deepEqual(await budgets(), [0n, 3n * USD, 6n * USD, 6n * USD]);
    await nextEpoch(t);
    await t.projects.write.setReplicas([PROJECT, [4]], by(t.owner));
    assert.deepEqual(await budgets(), [0n, 3n * USD, 6n * USD, 2n * USD]);
  });

  it("counts the seats that are taken", async () => {
    const t = await load(withProject);
    await t.projects.write.leaveSeats([[PROJECT], 1], by(t.nodeOwner1));
    assert.equal(await t.projects.read.budgetAt([PROJECT, t.epoch]), 3n * USD);
    assert.equal(await t.projects.read.budgetAt([PROJECT, t.epoch + 1]), 2n * USD);
  });

  it("counts no seat of a node that is retired then: its receipts cannot come", async () => {
    const t = await load(withProject);
    await retireNode(t, 2);
    const seats = async (epoch: number) => [
      await t.projects.read.budgetAt([PROJECT, epoch]),
      ...(await t.projects.read.chargeableSeats([PROJECT, epoch])),
    ];
    assert.deepEqual(await seats(t.epoch), [3n * USD, 0b111n, CAP]);
    assert.deepEqual(await seats(t.epoch + 1), [2n * USD, 0b101n, CAP]);
  });

  it("holds the largest budget there can be", async () => {
    const t = await load(withProject);
    await t.projects.write.createProjectOn([zoneName("large"), [1, 2, 3, 4, 5], MAX_CAP], by(t.owner));
    assert.equal(await t.projects.read.budgetAt([2n, t.epoch]), 5n * BigInt(MAX_CAP));
  });

  it("refuses a project that does not exist", async () => {
    const t = await load(withProject);
    const view = t.projects.read.budgetAt([UNKNOWN, t.epoch]);
    await refused(view, t.projects, "UnknownProject", [UNKNOWN]);
  });
});

describe("ProjectRegistry's other views", () => {
  it("refuse projects that do not exist, 0 among them", async () => {
    const t = await load(withProject);
    for (const id of [0n, UNKNOWN, 2n ** 64n - 1n]) {
      await refused(t.lens.read.projectOf([id]), t.projects, "UnknownProject", [id]);
      await refused(t.projects.read.ownerOf([id]), t.projects, "UnknownProject", [id]);
      await refused(t.projects.read.recordOf([id]), t.projects, "UnknownProject", [id]);
      assert.deepEqual(await t.projects.read.holdingOf([id]), [zeroAddress, 0]);
    }
  });

  it("tell owner and close of a project in one answer", async () => {
    const t = await load(withProject);
    assert.deepEqual(await t.projects.read.holdingOf([PROJECT]), [addressOf(t.owner), 0]);
    await t.projects.write.close([PROJECT], by(t.owner));
    assert.deepEqual(await t.projects.read.holdingOf([PROJECT]), [addressOf(t.owner), t.epoch + 1]);
  });

  it("answer the network's constants", async () => {
    const t = await load(withProject);
    assert.equal(await t.projects.read.nodeRegistry(), getAddress(t.nodes.address));
    assert.equal(await t.projects.read.nameRegistry(), getAddress(t.names.address));
    assert.equal(await t.projects.read.defaultCap(), DEFAULT_CAP);
    assert.equal(await t.projects.read.maxCap(), MAX_CAP);
    assert.equal(await t.projects.read.projectCount(), 1n);
  });
});
