import assert from "node:assert/strict";
import {
  addressOf,
  by,
  DEFAULT_CAP,
  DOMAIN,
  eventsOf,
  handOver,
  load,
  PROJECT,
  pauseProjects,
  refused,
  resolve,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { cidOf, moveToEpoch, zoneName } from "../support/scenario.ts";

const CUSTOM = "www.example.org";

describe("ProjectRegistry.releaseDomain", () => {
  it("gives up a name of the zone", async () => {
    const t = await load(withProject);
    const before = await t.projects.read.projectOf([PROJECT]);
    assert.deepEqual(await eventsOf(t, t.projects.write.releaseDomain([PROJECT, DOMAIN], by(t.owner))), [
      { eventName: "DomainReleased", projectId: PROJECT, domain: DOMAIN },
    ]);
    assert.deepEqual(await t.projects.read.projectOf([PROJECT]), { ...before, domains: 0 });
    await refused(resolve(t, DOMAIN), t.projects, "NameFree", [DOMAIN]);
    await refused(resolve(t, DOMAIN, PROJECT), t.projects, "DomainNotClaimed", [PROJECT, DOMAIN]);
    assert.equal(await t.projects.read.projectAt([DOMAIN, addressOf(t.owner)]), 0n);
  });

  it("gives up a domain outside the zone", async () => {
    const t = await load(withProject);
    await t.projects.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    assert.deepEqual(await eventsOf(t, t.projects.write.releaseDomain([PROJECT, CUSTOM], by(t.owner))), [
      { eventName: "DomainReleased", projectId: PROJECT, domain: CUSTOM },
    ]);
    assert.equal((await t.projects.read.projectOf([PROJECT])).domains, 1);
    await refused(resolve(t, CUSTOM, PROJECT), t.projects, "DomainNotClaimed", [PROJECT, CUSTOM]);
    await t.projects.write.deploy([CUSTOM, cidOf("one")], by(t.owner));
    assert.equal(await t.projects.read.projectAt([CUSTOM, addressOf(t.owner)]), 2n);
  });

  it("leaves the same domain outside the zone to other owners", async () => {
    const t = await load(withProject);
    await t.projects.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    await t.projects.write.deploy([CUSTOM, cidOf("one")], by(t.stranger));
    await t.projects.write.releaseDomain([PROJECT, CUSTOM], by(t.owner));
    assert.equal(await t.projects.read.projectAt([CUSTOM, addressOf(t.stranger)]), 2n);
    assert.equal((await resolve(t, CUSTOM, 2n))[0], 2n);
  });

  it("lets a name of the zone rest for 30 epochs", async () => {
    const t = await load(withProject);
    await t.projects.write.releaseDomain([PROJECT, DOMAIN], by(t.owner));
    const create = () => t.projects.write.createProject([DOMAIN, [1], DEFAULT_CAP], by(t.stranger));
    await refused(create(), t.projects, "NameResting", [DOMAIN, t.epoch + 30]);
    await refused(
      t.projects.write.deploy([DOMAIN, cidOf("one")], by(t.stranger)),
      t.projects,
      "NameResting",
      [DOMAIN, t.epoch + 30],
    );
    await moveToEpoch(t, t.epoch + 30);
    await refused(create(), t.projects, "NameResting", [DOMAIN, t.epoch + 30]);
    await moveToEpoch(t, t.epoch + 31);
    const events = await eventsOf(t, create());
    assert.deepEqual(
      events.map(({ eventName }) => eventName),
      ["ProjectCreated", "DomainClaimed", "TermsSet", "RefillSet"],
    );
    assert.equal(await t.projects.read.projectAt([DOMAIN, addressOf(t.stranger)]), 2n);
    await refused(t.projects.write.claimDomain([PROJECT, DOMAIN], by(t.owner)), t.projects, "NameTaken", [
      addressOf(t.stranger),
    ]);
  });

  it("gives the name back to its last owner at once, for any of its projects", async () => {
    const t = await load(withProject);
    await t.projects.write.createProject([zoneName("second"), [1], DEFAULT_CAP], by(t.owner));
    await t.projects.write.releaseDomain([PROJECT, DOMAIN], by(t.owner));
    await t.projects.write.claimDomain([2n, DOMAIN], by(t.owner));
    assert.equal((await resolve(t, DOMAIN))[0], 2n);
    await t.projects.write.releaseDomain([2n, DOMAIN], by(t.owner));
    await t.projects.write.claimDomain([PROJECT, DOMAIN], by(t.owner));
    assert.equal((await resolve(t, DOMAIN))[0], PROJECT);
    const counts = [
      (await t.projects.read.projectOf([PROJECT])).domains,
      (await t.projects.read.projectOf([2n])).domains,
    ];
    assert.deepEqual(counts, [1, 1]);
  });

  it("starts a new rest with each release", async () => {
    const t = await load(withProject);
    await t.projects.write.releaseDomain([PROJECT, DOMAIN], by(t.owner));
    await moveToEpoch(t, t.epoch + 20);
    await t.projects.write.claimDomain([PROJECT, DOMAIN], by(t.owner));
    await t.projects.write.releaseDomain([PROJECT, DOMAIN], by(t.owner));
    await moveToEpoch(t, t.epoch + 31);
    const call = t.projects.write.createProject([DOMAIN, [1], DEFAULT_CAP], by(t.stranger));
    await refused(call, t.projects, "NameResting", [DOMAIN, t.epoch + 50]);
  });

  it("refuses a domain that the project does not hold", async () => {
    const t = await load(withProject);
    const release = (projectId: bigint, domain: string) =>
      t.projects.write.releaseDomain([projectId, domain], by(t.owner));
    await t.projects.write.createProject([zoneName("second"), [1], DEFAULT_CAP], by(t.owner));
    await t.projects.write.claimDomain([2n, CUSTOM], by(t.owner));
    for (const domain of [zoneName("second"), CUSTOM, zoneName("nobodys"), "nobody.example.org"]) {
      await refused(release(PROJECT, domain), t.projects, "DomainNotClaimed", [PROJECT, domain]);
    }
    await release(PROJECT, DOMAIN);
    await refused(release(PROJECT, DOMAIN), t.projects, "DomainNotClaimed", [PROJECT, DOMAIN]);
    await refused(release(PROJECT, "x"), t.projects, "DomainLength", ["x", 1n]);
  });

  it("is the owner's alone, also after a transfer", async () => {
    const t = await load(withProject);
    await t.projects.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    await handOver(t, PROJECT, t.owner, t.stranger);
    for (const domain of [DOMAIN, CUSTOM]) {
      const call = t.projects.write.releaseDomain([PROJECT, domain], by(t.owner));
      await refused(call, t.projects, "NotProjectOwner", [
        PROJECT,
        addressOf(t.owner),
        addressOf(t.stranger),
      ]);
      await t.projects.write.releaseDomain([PROJECT, domain], by(t.stranger));
    }
    assert.equal((await t.projects.read.projectOf([PROJECT])).domains, 0);
    const call = t.projects.write.releaseDomain([UNKNOWN, DOMAIN], by(t.owner));
    await refused(call, t.projects, "UnknownProject", [UNKNOWN]);
  });

  it("leaves the deploy target of the owner's other project", async () => {
    const t = await load(withProject);
    await t.projects.write.createProject([zoneName("second"), [4], DEFAULT_CAP], by(t.owner));
    for (const id of [PROJECT, 2n]) await t.projects.write.claimDomain([id, CUSTOM], by(t.owner));
    await t.projects.write.releaseDomain([PROJECT, CUSTOM], by(t.owner));
    assert.equal(await t.projects.read.projectAt([CUSTOM, addressOf(t.owner)]), 2n);
  });

  it("goes on during a pause", async () => {
    const t = await load(withProject);
    await pauseProjects(t);
    await t.projects.write.releaseDomain([PROJECT, DOMAIN], by(t.owner));
    assert.equal((await t.projects.read.projectOf([PROJECT])).domains, 0);
  });
});
