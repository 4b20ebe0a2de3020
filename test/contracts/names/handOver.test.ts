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
  refused,
  withProject,
} from "../support/projects.ts";
import { cidOf, fundWallet, USD, zoneName } from "../support/scenario.ts";

const CUSTOM = "www.example.org";
const OTHER = "example.net";

/** Project 1 with two domains outside the zone and one in it, offered to the stranger. */
async function withOffer() {
  const t = await withProject();
  for (const domain of [CUSTOM, OTHER]) await t.names.write.claimDomain([PROJECT, domain], by(t.owner));
  await t.projects.write.transferOwnership([PROJECT, addressOf(t.stranger)], by(t.owner));
  return t;
}

describe("Domains outside the zone after a hand-over", () => {
  it("are found by the new owner's deploy and deposit where it named them as it accepted", async () => {
    const t = await load(withOffer);
    const sent = t.projects.write.acceptOwnership([PROJECT, [CUSTOM]], by(t.stranger));
    assert.deepEqual(await eventsOf(t, sent), [
      { eventName: "OwnerAccepted", projectId: PROJECT, owner: addressOf(t.stranger) },
      { eventName: "TargetSet", projectId: PROJECT, owner: addressOf(t.stranger), domain: CUSTOM },
    ]);
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.stranger)]), PROJECT);
    assert.deepEqual(await eventsOf(t, t.projects.write.deploy([CUSTOM, cidOf("one")], by(t.stranger))), [
      { eventName: "VersionAdded", projectId: PROJECT, version: 1, cid: cidOf("one"), live: true },
    ]);
    await fundWallet(t, t.stranger, USD);
    await t.escrow.write.depositAt([CUSTOM, addressOf(t.stranger), USD], by(t.stranger));
    assert.equal((await t.escrow.read.accountOf([PROJECT])).balance, USD);
  });

  it("are found by nobody's deploy where it did not: one creates", async () => {
    const t = await load(withOffer);
    await t.projects.write.acceptOwnership([PROJECT, [CUSTOM]], by(t.stranger));
    for (const wallet of [t.owner, t.stranger]) {
      assert.equal(await t.names.read.projectAt([OTHER, addressOf(wallet)]), 0n);
    }
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.owner)]), 0n);
    const [claimed] = await eventsOf(t, t.projects.write.deploy([OTHER, cidOf("one")], by(t.stranger)));
    assert.deepEqual(claimed, {
      eventName: "TargetSet",
      projectId: 2n,
      owner: addressOf(t.stranger),
      domain: OTHER,
    });
    assert.equal((await t.lens.read.projectOf([PROJECT])).versions, 0);
  });

  it("go with several at once, names of the zone among them, which need it not", async () => {
    const t = await load(withOffer);
    const sent = t.projects.write.acceptOwnership([PROJECT, [OTHER, DOMAIN, CUSTOM]], by(t.stranger));
    const targets = (await eventsOf(t, sent)).flatMap((event) =>
      event.eventName === "TargetSet" && "domain" in event ? [event.domain] : [],
    );
    assert.deepEqual(targets, [OTHER, CUSTOM]);
    for (const domain of [OTHER, DOMAIN, CUSTOM]) {
      assert.equal(await t.names.read.projectAt([domain, addressOf(t.stranger)]), PROJECT);
    }
  });

  it("are those of the project and no others: a wrong one leaves the project where it is", async () => {
    const t = await load(withOffer);
    await t.projects.write.createProjectOn(["another.example", [1], CAP], by(t.stranger));
    await t.projects.write.createProjectOn([zoneName("second"), [1], CAP], by(t.stranger));
    const accept = (domains: string[]) =>
      t.projects.write.acceptOwnership([PROJECT, domains], by(t.stranger));
    for (const domain of ["another.example", "nobodys.example", zoneName("second"), zoneName("nobodys")]) {
      await refused(accept([CUSTOM, domain]), t.names, "DomainNotClaimed", [PROJECT, domain]);
    }
    await refused(accept(["localhost"]), t.names, "DomainHasNoTopLevel", ["localhost"]);
    assert.equal(await t.projects.read.ownerOf([PROJECT]), addressOf(t.owner));
    await t.projects.write.close([PROJECT], by(t.owner));
    await refused(accept([CUSTOM]), t.names, "DomainNotClaimed", [PROJECT, CUSTOM]);
    await accept([]);
  });

  it("leave the new owner's own project at the same domain", async () => {
    const t = await load(withOffer);
    await t.projects.write.deploy([CUSTOM, cidOf("own")], by(t.stranger));
    await t.projects.write.acceptOwnership([PROJECT, []], by(t.stranger));
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.stranger)]), 2n);
    await t.names.write.claimDomain([PROJECT, CUSTOM], by(t.stranger));
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.stranger)]), PROJECT);
  });

  it("are found no more once the new owner gave them up, not even by the owner before", async () => {
    const t = await load(withOffer);
    await t.projects.write.acceptOwnership([PROJECT, []], by(t.stranger));
    await t.names.write.releaseDomain([PROJECT, CUSTOM], by(t.stranger));
    await handOver(t, PROJECT, t.stranger, t.owner);
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.owner)]), 0n);
    assert.equal(await t.names.read.projectAt([OTHER, addressOf(t.owner)]), PROJECT);
  });

  it("are found again when the project comes back to the owner before", async () => {
    const t = await load(withOffer);
    await t.projects.write.acceptOwnership([PROJECT, [CUSTOM]], by(t.stranger));
    await handOver(t, PROJECT, t.stranger, t.owner);
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.owner)]), PROJECT);
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.stranger)]), 0n);
  });
});

describe("What only the other registry may call", () => {
  it("refuses everyone else", async () => {
    const t = await load(withProject);
    const { names, projects } = t;
    const who = addressOf(t.owner);
    const as = by(t.owner);
    for (const call of [
      () => names.write.enter([zoneName("fresh"), who, 2n], as),
      () => names.write.claimFirst([zoneName("fresh"), who, PROJECT], as),
      () => names.write.setTarget([PROJECT, who, CUSTOM], as),
    ]) {
      await refused(call(), names, "NotProjectRegistry", [who]);
    }
    for (const isClaimed of [true, false]) {
      const call = projects.write.countDomain([PROJECT, isClaimed], as);
      await refused(call, projects, "NotNameRegistry", [who]);
    }
  });
});
