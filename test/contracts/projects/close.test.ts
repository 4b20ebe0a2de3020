import assert from "node:assert/strict";
import {
  addressOf,
  by,
  DEFAULT_CAP,
  DOMAIN,
  eventsOf,
  load,
  PROJECT,
  pauseProjects,
  REGION_3,
  refused,
  resolve,
  setAccepting,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { cidOf, digestOf, fundWallet, moveToEpoch, nextEpoch, USD, zoneName } from "../support/scenario.ts";

const CUSTOM = "www.example.org";

describe("ProjectRegistry.close", () => {
  it("empties the seats from the next epoch on, for ever", async () => {
    const t = await load(withProject);
    const before = await t.projects.read.projectOf([PROJECT]);
    assert.deepEqual(await eventsOf(t, t.projects.write.close([PROJECT], by(t.owner))), [
      { eventName: "TermsSet", projectId: PROJECT, fromEpoch: t.epoch + 1, cap: DEFAULT_CAP, nodeIds: [] },
      { eventName: "Closed", projectId: PROJECT, closedFrom: t.epoch + 1 },
    ]);
    assert.deepEqual(await t.projects.read.projectOf([PROJECT]), {
      ...before,
      closedFrom: t.epoch + 1,
      nodeIds: [],
      fromEpoch: t.epoch + 1,
    });
    const [current] = await t.projects.read.termsAt([PROJECT, t.epoch]);
    assert.deepEqual(current, [1, 2, 3]);
    assert.equal(await t.projects.read.budgetOf([PROJECT]), 3n * BigInt(DEFAULT_CAP));
    await nextEpoch(t);
    assert.equal(await t.projects.read.budgetOf([PROJECT]), 0n);
  });

  it("overrides terms that were to count from the next epoch", async () => {
    const t = await load(withProject);
    await t.projects.write.setReplicas([PROJECT, [4, 5]], by(t.owner));
    await t.projects.write.close([PROJECT], by(t.owner));
    assert.deepEqual(await t.projects.read.termsAt([PROJECT, t.epoch + 1]), [[], DEFAULT_CAP, t.epoch + 1]);
  });

  it("refuses everything that would change what is served", async () => {
    const t = await load(withProject);
    const { projects } = t;
    const as = by(t.owner);
    await projects.write.addVersion([PROJECT, cidOf("one"), true], as);
    await projects.write.claimDomain([PROJECT, CUSTOM], as);
    await projects.write.close([PROJECT], as);
    const calls = [
      () => projects.write.addVersion([PROJECT, cidOf("two"), true], as),
      () => projects.write.activate([PROJECT, 1, digestOf("one")], as),
      () => projects.write.split([PROJECT, 1, 0], as),
      () => projects.write.setReplicas([PROJECT, [1]], as),
      () => projects.write.assignReplicas([PROJECT, 1, REGION_3], as),
      () => projects.write.setBudget([PROJECT, DEFAULT_CAP], as),
      () => projects.write.setRefill([PROJECT, REGION_3, false], as),
      () => projects.write.refill([PROJECT], as),
      () => projects.write.claimDomain([PROJECT, "another.example.org"], as),
      () => projects.write.claimDomain([PROJECT, DOMAIN], as),
      () => projects.write.close([PROJECT], as),
    ];
    for (const call of calls) await refused(call(), projects, "ProjectClosed", [PROJECT]);
    for (const domain of [DOMAIN, CUSTOM]) {
      await refused(projects.write.releaseDomain([PROJECT, domain], as), projects, "DomainNotClaimed", [
        PROJECT,
        domain,
      ]);
      await refused(resolve(t, domain, PROJECT), projects, "DomainNotClaimed", [PROJECT, domain]);
      assert.equal(await projects.read.projectAt([domain, addressOf(t.owner)]), 0n);
    }
    await refused(resolve(t, DOMAIN), projects, "NameFree", [DOMAIN]);
    await refused(projects.read.contenthash([DOMAIN]), projects, "NameFree", [DOMAIN]);
  });

  it("leaves versions readable and the credit to its owner", async () => {
    const t = await load(withProject);
    await fundWallet(t, t.owner, USD);
    await t.escrow.write.deposit([PROJECT, USD], by(t.owner));
    await t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
    await t.projects.write.close([PROJECT], by(t.owner));
    const [, cid] = await t.projects.read.versionOf([PROJECT, 1]);
    assert.equal(cid, cidOf("one"));
    await t.escrow.write.requestWithdraw([PROJECT, USD], by(t.owner));
    await nextEpoch(t, t.parameters.times.creditThaw + 1);
    await t.escrow.write.withdraw([PROJECT], by(t.owner));
    assert.equal(await t.usd.read.balanceOf([addressOf(t.owner)]), USD);
  });

  it("lets its name rest for 30 epochs", async () => {
    const t = await load(withProject);
    await t.projects.write.close([PROJECT], by(t.owner));
    const create = () => t.projects.write.createProject([DOMAIN, [1], DEFAULT_CAP], by(t.stranger));
    const resting: [string, number] = [DOMAIN, t.epoch + 30];
    await refused(create(), t.projects, "NameResting", resting);
    await moveToEpoch(t, t.epoch + 30);
    await refused(create(), t.projects, "NameResting", resting);
    await moveToEpoch(t, t.epoch + 31);
    const [created, released, claimed] = await eventsOf(t, create());
    assert.deepEqual(
      [created?.eventName, released, claimed],
      [
        "ProjectCreated",
        { eventName: "DomainReleased", projectId: PROJECT, domain: DOMAIN },
        { eventName: "DomainClaimed", projectId: 2n, domain: DOMAIN },
      ],
    );
    assert.equal((await t.projects.read.projectOf([PROJECT])).domains, 0);
    assert.equal(await t.projects.read.projectAt([DOMAIN, addressOf(t.stranger)]), 2n);
  });

  it("gives its name back to its last owner at once", async () => {
    const t = await load(withProject);
    await t.projects.write.close([PROJECT], by(t.owner));
    await t.projects.write.deploy([DOMAIN, cidOf("again")], by(t.owner));
    const [projectId, owner, version] = await resolve(t, DOMAIN);
    assert.deepEqual([projectId, owner, version], [2n, addressOf(t.owner), 1]);
    assert.equal((await t.projects.read.projectOf([PROJECT])).domains, 0);
  });

  it("keeps a delegate from taking the name", async () => {
    const t = await load(withProject);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    await t.projects.write.close([PROJECT], by(t.owner));
    const call = t.projects.write.deploy([DOMAIN, cidOf("one")], by(t.stranger));
    await refused(call, t.projects, "NameResting", [DOMAIN, t.epoch + 30]);
  });

  it("frees a domain outside the zone at once", async () => {
    const t = await load(withProject);
    await t.projects.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    await t.projects.write.close([PROJECT], by(t.owner));
    await t.projects.write.deploy([CUSTOM, cidOf("one")], by(t.owner));
    assert.equal(await t.projects.read.projectAt([CUSTOM, addressOf(t.owner)]), 2n);
  });

  it("lets a name released before the close rest from its release", async () => {
    const t = await load(withProject);
    const name = zoneName("given-up");
    await t.projects.write.claimDomain([PROJECT, name], by(t.owner));
    await t.projects.write.releaseDomain([PROJECT, name], by(t.owner));
    await moveToEpoch(t, t.epoch + 10);
    await t.projects.write.close([PROJECT], by(t.owner));
    const create = () => t.projects.write.createProject([name, [1], DEFAULT_CAP], by(t.stranger));
    await refused(create(), t.projects, "NameResting", [name, t.epoch + 30]);
    await moveToEpoch(t, t.epoch + 31);
    await create();
    assert.equal((await t.projects.read.projectOf([PROJECT])).domains, 1);
  });

  it("is the owner's alone", async () => {
    const t = await load(withProject);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    const close = (projectId: bigint) => t.projects.write.close([projectId], by(t.stranger));
    await refused(close(PROJECT), t.projects, "NotProjectOwner", [
      PROJECT,
      addressOf(t.stranger),
      addressOf(t.owner),
    ]);
    await refused(close(UNKNOWN), t.projects, "UnknownProject", [UNKNOWN]);
  });

  it("goes on during a pause", async () => {
    const t = await load(withProject);
    await setAccepting(t, 1, 0);
    await pauseProjects(t);
    await t.projects.write.close([PROJECT], by(t.owner));
    assert.notEqual((await t.projects.read.projectOf([PROJECT])).closedFrom, 0);
  });
});
