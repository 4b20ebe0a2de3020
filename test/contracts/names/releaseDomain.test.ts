import assert from "node:assert/strict";
import {
  addressOf,
  by,
  CAP,
  DOMAIN,
  eventsOf,
  handOver,
  load,
  PROJECT,
  pauseProjects,
  REASON,
  refused,
  setPresence,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { cidOf, moveToEpoch, zoneName } from "../support/scenario.ts";

const CUSTOM = "www.example.org";

describe("NameRegistry.releaseDomain", () => {
  it("gives up a name of the zone", async () => {
    const t = await load(withProject);
    const before = await t.lens.read.projectOf([PROJECT]);
    assert.deepEqual(await eventsOf(t, t.names.write.releaseDomain([PROJECT, DOMAIN], by(t.owner))), [
      { eventName: "DomainReleased", projectId: PROJECT, domain: DOMAIN, reason: REASON.givenUp },
    ]);
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), { ...before, domains: 0 });
    await refused(t.lens.read.resolve([DOMAIN]), t.names, "NameIsFree", [DOMAIN]);
    await refused(t.lens.read.resolveAt([DOMAIN, PROJECT]), t.names, "DomainNotClaimed", [PROJECT, DOMAIN]);
    assert.equal(await t.names.read.projectAt([DOMAIN, addressOf(t.owner)]), 0n);
  });

  it("gives up a domain outside the zone", async () => {
    const t = await load(withProject);
    await t.names.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    assert.deepEqual(await eventsOf(t, t.names.write.releaseDomain([PROJECT, CUSTOM], by(t.owner))), [
      { eventName: "TargetSet", projectId: 0n, owner: addressOf(t.owner), domain: CUSTOM },
      { eventName: "DomainReleased", projectId: PROJECT, domain: CUSTOM, reason: REASON.givenUp },
    ]);
    assert.equal((await t.lens.read.projectOf([PROJECT])).domains, 1);
    await refused(t.lens.read.resolveAt([CUSTOM, PROJECT]), t.names, "DomainNotClaimed", [PROJECT, CUSTOM]);
    await t.projects.write.deploy([CUSTOM, cidOf("one")], by(t.owner));
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.owner)]), 2n);
  });

  it("leaves the same domain outside the zone to other owners", async () => {
    const t = await load(withProject);
    await t.names.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    await t.projects.write.deploy([CUSTOM, cidOf("one")], by(t.stranger));
    await t.names.write.releaseDomain([PROJECT, CUSTOM], by(t.owner));
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.stranger)]), 2n);
    assert.equal((await t.lens.read.resolveAt([CUSTOM, 2n])).projectId, 2n);
  });

  it("lets a name of the zone rest for 30 epochs", async () => {
    const t = await load(withProject);
    await t.names.write.releaseDomain([PROJECT, DOMAIN], by(t.owner));
    const create = () => t.projects.write.createProjectOn([DOMAIN, [1], CAP], by(t.stranger));
    await refused(create(), t.names, "NameResting", [DOMAIN, t.epoch + 30]);
    await refused(t.projects.write.deploy([DOMAIN, cidOf("one")], by(t.stranger)), t.names, "NameResting", [
      DOMAIN,
      t.epoch + 30,
    ]);
    await moveToEpoch(t, t.epoch + 30);
    await refused(create(), t.names, "NameResting", [DOMAIN, t.epoch + 30]);
    await moveToEpoch(t, t.epoch + 31);
    await setPresence(t, 1, t.epoch + 40);
    const events = await eventsOf(t, create());
    assert.deepEqual(
      events.map(({ eventName }) => eventName),
      ["DomainClaimed", "ProjectCreated", "RefillSet", "TermsSet"],
    );
    assert.equal(await t.names.read.projectAt([DOMAIN, addressOf(t.stranger)]), 2n);
    await refused(t.names.write.claimDomain([PROJECT, DOMAIN], by(t.owner)), t.names, "NameTaken", [
      addressOf(t.stranger),
    ]);
  });

  it("gives the name back to its last owner at once, for any of its projects", async () => {
    const t = await load(withProject);
    await t.projects.write.createProjectOn([zoneName("second"), [1], CAP], by(t.owner));
    await t.names.write.releaseDomain([PROJECT, DOMAIN], by(t.owner));
    await t.names.write.claimDomain([2n, DOMAIN], by(t.owner));
    assert.equal((await t.lens.read.resolve([DOMAIN])).projectId, 2n);
    await t.names.write.releaseDomain([2n, DOMAIN], by(t.owner));
    await t.names.write.claimDomain([PROJECT, DOMAIN], by(t.owner));
    assert.equal((await t.lens.read.resolve([DOMAIN])).projectId, PROJECT);
    const counts = [
      (await t.lens.read.projectOf([PROJECT])).domains,
      (await t.lens.read.projectOf([2n])).domains,
    ];
    assert.deepEqual(counts, [1, 1]);
  });

  it("starts a new rest with each release", async () => {
    const t = await load(withProject);
    await t.names.write.releaseDomain([PROJECT, DOMAIN], by(t.owner));
    await moveToEpoch(t, t.epoch + 20);
    await t.names.write.claimDomain([PROJECT, DOMAIN], by(t.owner));
    await t.names.write.releaseDomain([PROJECT, DOMAIN], by(t.owner));
    await moveToEpoch(t, t.epoch + 31);
    const call = t.projects.write.createProjectOn([DOMAIN, [1], CAP], by(t.stranger));
    await refused(call, t.names, "NameResting", [DOMAIN, t.epoch + 50]);
  });

  it("refuses a domain that the project does not hold", async () => {
    const t = await load(withProject);
    const release = (projectId: bigint, domain: string) =>
      t.names.write.releaseDomain([projectId, domain], by(t.owner));
    await t.projects.write.createProjectOn([zoneName("second"), [1], CAP], by(t.owner));
    await t.names.write.claimDomain([2n, CUSTOM], by(t.owner));
    for (const domain of [zoneName("second"), CUSTOM, zoneName("nobodys"), "nobody.example.org"]) {
      await refused(release(PROJECT, domain), t.names, "DomainNotClaimed", [PROJECT, domain]);
    }
    await release(PROJECT, DOMAIN);
    await refused(release(PROJECT, DOMAIN), t.names, "DomainNotClaimed", [PROJECT, DOMAIN]);
    await refused(release(PROJECT, "x"), t.names, "DomainHasWrongLength", ["x", 1n]);
  });

  it("is the owner's alone, also after a transfer", async () => {
    const t = await load(withProject);
    await t.names.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    await handOver(t, PROJECT, t.owner, t.stranger);
    for (const domain of [DOMAIN, CUSTOM]) {
      const call = t.names.write.releaseDomain([PROJECT, domain], by(t.owner));
      await refused(call, t.projects, "NotProjectOwner", [
        PROJECT,
        addressOf(t.owner),
        addressOf(t.stranger),
      ]);
      await t.names.write.releaseDomain([PROJECT, domain], by(t.stranger));
    }
    assert.equal((await t.lens.read.projectOf([PROJECT])).domains, 0);
    const call = t.names.write.releaseDomain([UNKNOWN, DOMAIN], by(t.owner));
    await refused(call, t.projects, "UnknownProject", [UNKNOWN]);
  });

  it("leaves the deploy target of the owner's other project", async () => {
    const t = await load(withProject);
    await t.projects.write.createProjectOn([zoneName("second"), [4], CAP], by(t.owner));
    for (const id of [PROJECT, 2n]) await t.names.write.claimDomain([id, CUSTOM], by(t.owner));
    await t.names.write.releaseDomain([PROJECT, CUSTOM], by(t.owner));
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.owner)]), 2n);
  });

  it("goes on during a pause", async () => {
    const t = await load(withProject);
    await pauseProjects(t);
    await t.names.write.releaseDomain([PROJECT, DOMAIN], by(t.owner));
    assert.equal((await t.lens.read.projectOf([PROJECT])).domains, 0);
  });
});
