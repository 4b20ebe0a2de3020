import assert from "node:assert/strict";
import {
  addressOf,
  by,
  CAP,
  DOMAIN,
  eventsOf,
  load,
  PROJECT,
  pauseProjects,
  REASON,
  REGION_3,
  refused,
  setPresence,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { cidOf, digestOf, fundWallet, moveToEpoch, nextEpoch, USD, zoneName } from "../support/scenario.ts";

const CUSTOM = "www.example.org";

describe("ProjectRegistry.close", () => {
  it("empties the seats from the next epoch on, for ever", async () => {
    const t = await load(withProject);
    const before = await t.lens.read.projectOf([PROJECT]);
    assert.deepEqual(await eventsOf(t, t.projects.write.close([PROJECT], by(t.owner))), [
      { eventName: "TermsSet", projectId: PROJECT, fromEpoch: t.epoch + 1, cap: CAP, nodeIds: [] },
      { eventName: "Closed", projectId: PROJECT, closedFrom: t.epoch + 1 },
    ]);
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), {
      ...before,
      closedFrom: t.epoch + 1,
      nodeIds: [],
      fromEpoch: t.epoch + 1,
    });
    const [current] = await t.projects.read.termsAt([PROJECT, t.epoch]);
    assert.deepEqual(current, [1, 2, 3]);
    assert.equal(await t.projects.read.budgetAt([PROJECT, t.epoch]), 3n * BigInt(CAP));
    assert.equal(await t.projects.read.budgetAt([PROJECT, t.epoch + 1]), 0n);
  });

  it("overrides terms that were to count from the next epoch", async () => {
    const t = await load(withProject);
    await t.projects.write.setReplicas([PROJECT, [4, 5]], by(t.owner));
    await t.projects.write.close([PROJECT], by(t.owner));
    assert.deepEqual(await t.projects.read.termsAt([PROJECT, t.epoch + 1]), [[], CAP, t.epoch + 1]);
  });

  it("refuses everything that would change what is served", async () => {
    const t = await load(withProject);
    const { projects, names, lens } = t;
    const as = by(t.owner);
    await projects.write.addVersion([PROJECT, cidOf("one"), true], as);
    await names.write.claimDomain([PROJECT, CUSTOM], as);
    await projects.write.close([PROJECT], as);
    const calls = [
      () => projects.write.addVersion([PROJECT, cidOf("two"), true], as),
      () => projects.write.activate([PROJECT, 1, digestOf("one")], as),
      () => projects.write.split([PROJECT, 1, 0], as),
      () => projects.write.setReplicas([PROJECT, [1]], as),
      () => projects.write.assignReplicas([PROJECT, 1, REGION_3], as),
      () => projects.write.setBudget([PROJECT, CAP], as),
      () => projects.write.grow([PROJECT, CAP, [4]], as),
      () => projects.write.setRefill([PROJECT, REGION_3, false], as),
      () => projects.write.refill([PROJECT], as),
      () => names.write.claimDomain([PROJECT, "another.example.org"], as),
      () => names.write.claimDomain([PROJECT, DOMAIN], as),
      () => projects.write.close([PROJECT], as),
    ];
    for (const call of calls) await refused(call(), projects, "ProjectClosed", [PROJECT]);
    for (const domain of [DOMAIN, CUSTOM]) {
      await refused(names.write.releaseDomain([PROJECT, domain], as), names, "DomainNotClaimed", [
        PROJECT,
        domain,
      ]);
      await refused(lens.read.resolveAt([domain, PROJECT]), names, "DomainNotClaimed", [PROJECT, domain]);
      assert.equal(await names.read.projectAt([domain, addressOf(t.owner)]), 0n);
    }
    await refused(t.lens.read.resolve([DOMAIN]), names, "NameIsFree", [DOMAIN]);
    await refused(lens.read.contenthash([DOMAIN]), names, "NameIsFree", [DOMAIN]);
  });

  it("leaves versions readable and the credit to its owner", async () => {
    const t = await load(withProject);
    await fundWallet(t, t.owner, USD);
    await t.escrow.write.deposit([PROJECT, USD], by(t.owner));
    await t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
    await t.projects.write.close([PROJECT], by(t.owner));
    const [, cid] = await t.lens.read.versionOf([PROJECT, 1]);
    assert.equal(cid, cidOf("one"));
    await t.escrow.write.requestWithdraw([PROJECT, USD], by(t.owner));
    await nextEpoch(t, t.parameters.times.creditThaw + 1);
    await t.escrow.write.withdraw([PROJECT], by(t.owner));
    assert.equal(await t.usd.read.balanceOf([addressOf(t.owner)]), USD);
  });

  it("lets its name rest for 30 epochs", async () => {
    const t = await load(withProject);
    await t.projects.write.close([PROJECT], by(t.owner));
    const create = () => t.projects.write.createProjectOn([DOMAIN, [1], CAP], by(t.stranger));
    const resting: [string, number] = [DOMAIN, t.epoch + 30];
    await refused(create(), t.names, "NameResting", resting);
    await moveToEpoch(t, t.epoch + 30);
    await refused(create(), t.names, "NameResting", resting);
    await moveToEpoch(t, t.epoch + 31);
    await setPresence(t, 1, t.epoch + 40);
    const [released, claimed, created] = await eventsOf(t, create());
    assert.deepEqual(
      [released, claimed, created?.eventName],
      [
        { eventName: "DomainReleased", projectId: PROJECT, domain: DOMAIN, reason: REASON.projectClosed },
        { eventName: "DomainClaimed", projectId: 2n, domain: DOMAIN },
        "ProjectCreated",
      ],
    );
    assert.equal((await t.lens.read.projectOf([PROJECT])).domains, 0);
    assert.equal(await t.names.read.projectAt([DOMAIN, addressOf(t.stranger)]), 2n);
  });

  it("gives its name back to its last owner at once", async () => {
    const t = await load(withProject);
    await t.projects.write.close([PROJECT], by(t.owner));
    await t.projects.write.deploy([DOMAIN, cidOf("again")], by(t.owner));
    const { projectId, owner, version } = await t.lens.read.resolve([DOMAIN]);
    assert.deepEqual([projectId, owner, version], [2n, addressOf(t.owner), 1]);
    assert.equal((await t.lens.read.projectOf([PROJECT])).domains, 0);
  });

  it("keeps a delegate from taking the name", async () => {
    const t = await load(withProject);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    await t.projects.write.close([PROJECT], by(t.owner));
    const call = t.projects.write.deploy([DOMAIN, cidOf("one")], by(t.stranger));
    await refused(call, t.names, "NameResting", [DOMAIN, t.epoch + 30]);
  });

  it("frees a domain outside the zone at once", async () => {
    const t = await load(withProject);
    await t.names.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    await t.projects.write.close([PROJECT], by(t.owner));
    await t.projects.write.deploy([CUSTOM, cidOf("one")], by(t.owner));
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.owner)]), 2n);
  });

  it("lets a name released before the close rest from its release", async () => {
    const t = await load(withProject);
    const name = zoneName("given-up");
    await t.names.write.claimDomain([PROJECT, name], by(t.owner));
    await t.names.write.releaseDomain([PROJECT, name], by(t.owner));
    await moveToEpoch(t, t.epoch + 10);
    await t.projects.write.close([PROJECT], by(t.owner));
    const create = () => t.projects.write.createProjectOn([name, [1], CAP], by(t.stranger));
    await refused(create(), t.names, "NameResting", [name, t.epoch + 30]);
    await moveToEpoch(t, t.epoch + 31);
    await setPresence(t, 1, t.epoch + 40);
    await create();
    assert.equal((await t.lens.read.projectOf([PROJECT])).domains, 1);
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
    await pauseProjects(t);
    await t.projects.write.close([PROJECT], by(t.owner));
    assert.notEqual((await t.lens.read.projectOf([PROJECT])).closedFrom, 0);
  });
});
