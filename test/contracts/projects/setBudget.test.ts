import assert from "node:assert/strict";
import {
  addressOf,
  BASE,
  by,
  CAP,
  callAsAdmin,
  eventsOf,
  load,
  MAX_CAP,
  PROJECT,
  pauseProjects,
  refused,
  retireNode,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { moveToEpoch, nextEpoch, registerNode, USD } from "../support/scenario.ts";

describe("ProjectRegistry.setBudget", () => {
  it("sets what a seat may charge from the next epoch on", async () => {
    const t = await load(withProject);
    const before = await t.lens.read.projectOf([PROJECT]);
    assert.deepEqual(await eventsOf(t, t.projects.write.setBudget([PROJECT, 5_000], by(t.owner))), [
      { eventName: "TermsSet", projectId: PROJECT, fromEpoch: t.epoch + 1, cap: 5_000, nodeIds: [1, 2, 3] },
    ]);
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), {
      ...before,
      cap: 5_000,
      fromEpoch: t.epoch + 1,
    });
    assert.deepEqual(await t.projects.read.termsAt([PROJECT, t.epoch]), [[1, 2, 3], CAP, before.fromEpoch]);
    assert.deepEqual(await t.projects.read.termsAt([PROJECT, t.epoch + 1]), [[1, 2, 3], 5_000, t.epoch + 1]);
  });

  it("leaves the last of several in one epoch", async () => {
    const t = await load(withProject);
    for (const cap of [5_000, 60_000, 7_000]) await t.projects.write.setBudget([PROJECT, cap], by(t.owner));
    await nextEpoch(t);
    await t.projects.write.setBudget([PROJECT, 8_000], by(t.owner));
    const caps = [];
    for (const epoch of [t.epoch, t.epoch + 1, t.epoch + 2]) {
      const [, cap] = await t.projects.read.termsAt([PROJECT, epoch]);
      caps.push(cap);
    }
    assert.deepEqual(caps, [CAP, 7_000, 8_000]);
  });

  it("takes a cap from the price of an empty receipt to the network's limit", async () => {
    const t = await load(withProject);
    const set = (cap: number) => t.projects.write.setBudget([PROJECT, cap], by(t.owner));
    await refused(set(0), t.projects, "CapOutOfBounds", [0, BASE, MAX_CAP]);
    await refused(set(BASE - 1), t.projects, "CapOutOfBounds", [BASE - 1, BASE, MAX_CAP]);
    await refused(set(MAX_CAP + 1), t.projects, "CapOutOfBounds", [MAX_CAP + 1, BASE, MAX_CAP]);
    await refused(set(2 ** 40 - 1), t.projects, "CapOutOfBounds", [2 ** 40 - 1, BASE, MAX_CAP]);
    for (const cap of [BASE, MAX_CAP]) {
      await set(cap);
      assert.equal((await t.lens.read.projectOf([PROJECT])).cap, cap);
    }
  });

  it("measures the cap by the prices of the epoch from which it counts", async () => {
    const t = await load(withProject);
    const { parameters, settlement } = t;
    const from = t.epoch + 8;
    const { feeBps, included, perMRequests, perMCpuMs, perGiB, perGiBStored } = parameters.prices;
    const prices = {
      fromEpoch: from,
      feeBps,
      included,
      base: BASE + 500,
      perMRequests: Number(perMRequests),
      perMCpuMs: Number(perMCpuMs),
      perGiB: Number(perGiB),
      perGiBStored: Number(perGiBStored),
    };
    await callAsAdmin(t, settlement.address, {
      abi: settlement.abi,
      functionName: "setPrices",
      args: [prices],
    });

    const set = () => t.projects.write.setBudget([PROJECT, BASE], by(t.owner));
    await moveToEpoch(t, from - 2);
    await set();
    await moveToEpoch(t, from - 1);
    await refused(set(), t.projects, "CapOutOfBounds", [BASE, BASE + 500, MAX_CAP]);
  });

  it("needs the stake for a higher cap at every node that sits here, and asks nothing for a lower one", async () => {
    const t = await load(withProject);
    const poor = await registerNode(t, { stake: 1_200n * USD });
    const set = (cap: number) => t.projects.write.setBudget([PROJECT, cap], by(t.owner));
    await t.projects.write.setReplicas([PROJECT, [1, poor]], by(t.owner));
    await refused(set(10 * CAP + 1), t.nodes, "StakeTooSmallForCap", [
      poor,
      1_200n * USD,
      1_200n * USD + 120n,
    ]);
    await set(10 * CAP);
    await nextEpoch(t);
    // What thaws backs no new seat; a cap that falls is not asked.
    await t.nodes.write.requestUnstake([poor, 200n * USD], by(t.nodeOwner1));
    await set(9 * CAP);
    await refused(set(9 * CAP + 1), t.nodes, "StakeTooSmallForCap", [
      poor,
      1_000n * USD,
      1_080n * USD + 120n,
    ]);
    await retireNode(t, poor);
    await set(10 * CAP);
  });

  it("is the owner's alone, not a delegate's", async () => {
    const t = await load(withProject);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    const call = t.projects.write.setBudget([PROJECT, 5_000], by(t.stranger));
    await refused(call, t.projects, "NotProjectOwner", [PROJECT, addressOf(t.stranger), addressOf(t.owner)]);
  });

  it("refuses a project that is closed, or that does not exist", async () => {
    const t = await load(withProject);
    const set = (projectId: bigint) => t.projects.write.setBudget([projectId, 5_000], by(t.owner));
    await refused(set(UNKNOWN), t.projects, "UnknownProject", [UNKNOWN]);
    await t.projects.write.close([PROJECT], by(t.owner));
    await refused(set(PROJECT), t.projects, "ProjectClosed", [PROJECT]);
  });

  it("goes on during a pause", async () => {
    const t = await load(withProject);
    await pauseProjects(t);
    await t.projects.write.setBudget([PROJECT, 5_000], by(t.owner));
    assert.equal((await t.lens.read.projectOf([PROJECT])).cap, 5_000);
  });
});
