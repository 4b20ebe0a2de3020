import assert from "node:assert/strict";
import { zeroAddress } from "viem";
import {
  addressOf,
  by,
  DOMAIN,
  eventsOf,
  handOver,
  load,
  PROJECT,
  pauseProjects,
  refused,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { cidOf, fundWallet, USD } from "../support/scenario.ts";

describe("ProjectRegistry.transferOwnership", () => {
  it("proposes a new owner; until that one accepts, nothing changes", async () => {
    const t = await load(withProject);
    const before = await t.lens.read.projectOf([PROJECT]);
    const sent = t.projects.write.transferOwnership([PROJECT, addressOf(t.stranger)], by(t.owner));
    assert.deepEqual(await eventsOf(t, sent), [
      { eventName: "OwnerProposed", projectId: PROJECT, pendingOwner: addressOf(t.stranger) },
    ]);
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), {
      ...before,
      pendingOwner: addressOf(t.stranger),
    });
    assert.equal(await t.projects.read.mayDeploy([PROJECT, addressOf(t.stranger)]), false);
  });

  it("replaces a proposal, and takes it back with zero", async () => {
    const t = await load(withProject);
    const propose = (to: `0x${string}`) => t.projects.write.transferOwnership([PROJECT, to], by(t.owner));
    const accept = () => t.projects.write.acceptOwnership([PROJECT, []], by(t.stranger));
    await propose(addressOf(t.stranger));
    await propose(addressOf(t.operator2));
    await refused(accept(), t.projects, "NotPendingProjectOwner", [
      PROJECT,
      addressOf(t.stranger),
      addressOf(t.operator2),
    ]);
    await propose(addressOf(t.stranger));
    await propose(zeroAddress);
    await refused(accept(), t.projects, "NotPendingProjectOwner", [
      PROJECT,
      addressOf(t.stranger),
      zeroAddress,
    ]);
    assert.equal(await t.projects.read.ownerOf([PROJECT]), addressOf(t.owner));
  });

  it("is the owner's alone", async () => {
    const t = await load(withProject);
    const propose = (projectId: bigint) =>
      t.projects.write.transferOwnership([projectId, addressOf(t.stranger)], by(t.stranger));
    await refused(propose(PROJECT), t.projects, "NotProjectOwner", [
      PROJECT,
      addressOf(t.stranger),
      addressOf(t.owner),
    ]);
    await refused(propose(UNKNOWN), t.projects, "UnknownProject", [UNKNOWN]);
  });
});

describe("ProjectRegistry.acceptOwnership", () => {
  it("changes the owner and clears the meter; everything else stays", async () => {
    const t = await load(withProject);
    await t.projects.write.setMeter([PROJECT, addressOf(t.operator2)], by(t.owner));
    await t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
    const before = await t.lens.read.projectOf([PROJECT]);
    await t.projects.write.transferOwnership([PROJECT, addressOf(t.stranger)], by(t.owner));
    const sent = t.projects.write.acceptOwnership([PROJECT, []], by(t.stranger));
    assert.deepEqual(await eventsOf(t, sent), [
      { eventName: "OwnerAccepted", projectId: PROJECT, owner: addressOf(t.stranger) },
    ]);
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), {
      ...before,
      owner: addressOf(t.stranger),
      pendingOwner: zeroAddress,
      meter: zeroAddress,
    });
    assert.equal(await t.projects.read.ownerOf([PROJECT]), addressOf(t.stranger));
  });

  it("refuses everyone but the proposed owner, and a second time", async () => {
    const t = await load(withProject);
    const accept = (wallet: typeof t.owner) => t.projects.write.acceptOwnership([PROJECT, []], by(wallet));
    await refused(accept(t.stranger), t.projects, "NotPendingProjectOwner", [
      PROJECT,
      addressOf(t.stranger),
      zeroAddress,
    ]);
    await t.projects.write.transferOwnership([PROJECT, addressOf(t.stranger)], by(t.owner));
    for (const wallet of [t.owner, t.operator2]) {
      await refused(accept(wallet), t.projects, "NotPendingProjectOwner", [
        PROJECT,
        addressOf(wallet),
        addressOf(t.stranger),
      ]);
    }
    await accept(t.stranger);
    await refused(accept(t.stranger), t.projects, "NotPendingProjectOwner", [
      PROJECT,
      addressOf(t.stranger),
      zeroAddress,
    ]);
    await refused(
      t.projects.write.acceptOwnership([UNKNOWN, []], by(t.stranger)),
      t.projects,
      "UnknownProject",
      [UNKNOWN],
    );
  });

  it("hands over the names of the zone and the credit with the project", async () => {
    const t = await load(withProject);
    await fundWallet(t, t.owner, USD);
    await t.escrow.write.deposit([PROJECT, USD], by(t.owner));
    await handOver(t, PROJECT, t.owner, t.stranger);
    await t.projects.write.deploy([DOMAIN, cidOf("one")], by(t.stranger));
    assert.equal((await t.lens.read.projectOf([PROJECT])).versions, 1);
    await refused(t.projects.write.deploy([DOMAIN, cidOf("two")], by(t.owner)), t.names, "NameTaken", [
      addressOf(t.stranger),
    ]);
    await refused(t.escrow.write.requestWithdraw([PROJECT, USD], by(t.owner)), t.escrow, "NotProjectOwner", [
      PROJECT,
      addressOf(t.owner),
      addressOf(t.stranger),
    ]);
    await t.escrow.write.requestWithdraw([PROJECT, USD], by(t.stranger));
  });

  it("works during a pause and after the close: the credit may be sold too", async () => {
    const t = await load(withProject);
    await pauseProjects(t);
    await t.projects.write.close([PROJECT], by(t.owner));
    await handOver(t, PROJECT, t.owner, t.stranger);
    assert.equal(await t.projects.read.ownerOf([PROJECT]), addressOf(t.stranger));
  });
});
