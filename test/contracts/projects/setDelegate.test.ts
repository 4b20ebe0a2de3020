import assert from "node:assert/strict";
import type { Address } from "viem";
import {
  addressOf,
  by,
  CAP,
  eventsOf,
  handOver,
  load,
  PROJECT,
  refused,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { cidOf, digestOf, zoneName } from "../support/scenario.ts";

describe("ProjectRegistry.setDelegate", () => {
  it("gives and takes the right to deploy", async () => {
    const t = await load(withProject);
    const may = () => t.projects.read.mayDeploy([PROJECT, addressOf(t.stranger)]);
    assert.equal(await may(), false);
    for (const rights of [1, 0]) {
      const sent = t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), rights], by(t.owner));
      assert.deepEqual(await eventsOf(t, sent), [
        {
          eventName: "DelegateSet",
          projectId: PROJECT,
          owner: addressOf(t.owner),
          who: addressOf(t.stranger),
          rights,
        },
      ]);
      assert.equal(await may(), rights === 1);
    }
  });

  it("lets a delegate add, activate and split versions, and no more", async () => {
    const t = await load(withProject);
    const { projects, names } = t;
    const as = by(t.stranger);
    await projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));

    await projects.write.addVersion([PROJECT, cidOf("one"), true], as);
    await projects.write.addVersion([PROJECT, cidOf("two"), false], as);
    await projects.write.split([PROJECT, 2, 100], as);
    await projects.write.activate([PROJECT, 2, digestOf("two")], as);

    const notOwner: [bigint, Address, Address] = [PROJECT, addressOf(t.stranger), addressOf(t.owner)];
    const refusedToDelegates = [
      () => projects.write.setReplicas([PROJECT, [1]], as),
      () => projects.write.assignReplicas([PROJECT, 1, 1], as),
      () => projects.write.setBudget([PROJECT, CAP], as),
      () => projects.write.grow([PROJECT, CAP, []], as),
      () => projects.write.setRefill([PROJECT, 1, false], as),
      () => projects.write.setMeter([PROJECT, addressOf(t.stranger)], as),
      () => projects.write.setDelegate([PROJECT, addressOf(t.operator2), 1], as),
      () => projects.write.transferOwnership([PROJECT, addressOf(t.stranger)], as),
      () => projects.write.close([PROJECT], as),
      () => names.write.claimDomain([PROJECT, "example.org"], as),
      () => names.write.releaseDomain([PROJECT, zoneName("project-1")], as),
    ];
    for (const call of refusedToDelegates) await refused(call(), projects, "NotProjectOwner", notOwner);
    await refused(t.escrow.write.requestWithdraw([PROJECT, 1n], as), projects, "NotProjectOwner", notOwner);
  });

  it("lets who may propose add versions that are not live, and nothing else", async () => {
    const t = await load(withProject);
    const { projects, names } = t;
    const as = by(t.stranger);
    await projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
    await projects.write.setDelegate([PROJECT, addressOf(t.stranger), 2], by(t.owner));
    assert.equal(await projects.read.mayPropose([PROJECT, addressOf(t.stranger)]), true);
    assert.equal(await projects.read.mayDeploy([PROJECT, addressOf(t.stranger)]), false);
    await projects.write.addVersion([PROJECT, cidOf("two"), false], as);

    const notDeployer: [bigint, Address] = [PROJECT, addressOf(t.stranger)];
    for (const call of [
      () => projects.write.addVersion([PROJECT, cidOf("three"), true], as),
      () => projects.write.activate([PROJECT, 2, digestOf("two")], as),
      () => projects.write.split([PROJECT, 2, 100], as),
      () => projects.write.split([PROJECT, 0, 0], as),
    ]) {
      await refused(call(), projects, "NotDeployer", notDeployer);
    }
    const notOwner: [bigint, Address, Address] = [PROJECT, addressOf(t.stranger), addressOf(t.owner)];
    for (const call of [
      () => projects.write.setReplicas([PROJECT, [1]], as),
      () => projects.write.assignReplicas([PROJECT, 1, 1], as),
      () => projects.write.setBudget([PROJECT, CAP], as),
      () => projects.write.grow([PROJECT, CAP, []], as),
      () => projects.write.setRefill([PROJECT, 1, false], as),
      () => projects.write.setMeter([PROJECT, addressOf(t.stranger)], as),
      () => projects.write.setDelegate([PROJECT, addressOf(t.stranger), 3], as),
      () => projects.write.transferOwnership([PROJECT, addressOf(t.stranger)], as),
      () => projects.write.close([PROJECT], as),
      () => names.write.claimDomain([PROJECT, "example.org"], as),
      () => names.write.releaseDomain([PROJECT, zoneName("project-1")], as),
    ]) {
      await refused(call(), projects, "NotProjectOwner", notOwner);
    }
    await refused(t.escrow.write.requestWithdraw([PROJECT, 1n], as), projects, "NotProjectOwner", notOwner);
    const deploy = projects.write.deploy([zoneName("project-1"), cidOf("three")], as);
    await refused(deploy, names, "NameTaken", [addressOf(t.owner)]);
  });

  it("lets who may deploy propose, and the owner both", async () => {
    const t = await load(withProject);
    const may = async (wallet: typeof t.owner) => [
      await t.projects.read.mayPropose([PROJECT, addressOf(wallet)]),
      await t.projects.read.mayDeploy([PROJECT, addressOf(wallet)]),
    ];
    const rows = [];
    for (const rights of [0, 1, 2, 3]) {
      await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), rights], by(t.owner));
      rows.push(await may(t.stranger));
    }
    assert.deepEqual(rows, [
      [false, false],
      [true, true],
      [true, false],
      [true, true],
    ]);
    assert.deepEqual(await may(t.owner), [true, true]);
    await handOver(t, PROJECT, t.owner, t.operator2);
    assert.deepEqual(await may(t.stranger), [false, false]);
    const view = t.projects.read.mayPropose([UNKNOWN, addressOf(t.stranger)]);
    await refused(view, t.projects, "UnknownProject", [UNKNOWN]);
  });

  it("counts for this project only, and for this account only", async () => {
    const t = await load(withProject);
    await t.projects.write.createProjectOn([zoneName("second"), [1], CAP], by(t.owner));
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    assert.equal(await t.projects.read.mayDeploy([2n, addressOf(t.stranger)]), false);
    assert.equal(await t.projects.read.mayDeploy([PROJECT, addressOf(t.operator2)]), false);
    assert.equal(await t.projects.read.mayDeploy([PROJECT, addressOf(t.owner)]), true);
  });

  it("keeps several delegates apart", async () => {
    const t = await load(withProject);
    for (const wallet of [t.stranger, t.operator2]) {
      await t.projects.write.setDelegate([PROJECT, addressOf(wallet), 1], by(t.owner));
    }
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 0], by(t.owner));
    assert.equal(await t.projects.read.mayDeploy([PROJECT, addressOf(t.stranger)]), false);
    assert.equal(await t.projects.read.mayDeploy([PROJECT, addressOf(t.operator2)]), true);
  });

  it("ends with a transfer", async () => {
    const t = await load(withProject);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    await handOver(t, PROJECT, t.owner, t.operator2);
    assert.equal(await t.projects.read.mayDeploy([PROJECT, addressOf(t.stranger)]), false);
    assert.equal(await t.projects.read.mayDeploy([PROJECT, addressOf(t.owner)]), false);
    assert.equal(await t.projects.read.mayDeploy([PROJECT, addressOf(t.operator2)]), true);
  });

  it("comes back with the owner who named the delegate", async () => {
    const t = await load(withProject);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    await handOver(t, PROJECT, t.owner, t.operator2);
    await handOver(t, PROJECT, t.operator2, t.owner);
    assert.equal(await t.projects.read.mayDeploy([PROJECT, addressOf(t.stranger)]), true);
  });

  it("knows no other rights", async () => {
    const t = await load(withProject);
    for (const rights of [4, 5, 7, 128, 255]) {
      const call = t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), rights], by(t.owner));
      await refused(call, t.projects, "UnknownRights", [rights]);
    }
  });

  it("refuses a stranger, and a project that does not exist", async () => {
    const t = await load(withProject);
    const set = (projectId: bigint) =>
      t.projects.write.setDelegate([projectId, addressOf(t.stranger), 1], by(t.stranger));
    await refused(set(PROJECT), t.projects, "NotProjectOwner", [
      PROJECT,
      addressOf(t.stranger),
      addressOf(t.owner),
    ]);
    await refused(set(UNKNOWN), t.projects, "UnknownProject", [UNKNOWN]);
    const view = t.projects.read.mayDeploy([UNKNOWN, addressOf(t.stranger)]);
    await refused(view, t.projects, "UnknownProject", [UNKNOWN]);
  });
});
