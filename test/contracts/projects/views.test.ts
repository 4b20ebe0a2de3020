import assert from "node:assert/strict";
import {
  addressOf,
  by,
  DEFAULT_CAP,
  DOMAIN,
  load,
  MAX_CAP,
  PROJECT,
  refused,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { cidOf, digestOf, nextEpoch, USD, zoneName } from "../support/scenario.ts";

const CUSTOM = "www.example.org";

describe("ProjectRegistry.projectAt", () => {
  it("says where a deploy goes: the caller's project, or a new one", async () => {
    const t = await load(withProject);
    const at = (domain: string, wallet: typeof t.owner) =>
      t.projects.read.projectAt([domain, addressOf(wallet)]);
    await t.projects.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    assert.equal(await at(DOMAIN, t.owner), PROJECT);
    assert.equal(await at(CUSTOM, t.owner), PROJECT);
    assert.equal(await at(CUSTOM, t.stranger), 0n);
    assert.equal(await at(zoneName("nobodys"), t.owner), 0n);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    assert.equal(await at(DOMAIN, t.stranger), PROJECT);
    assert.equal(await at(CUSTOM, t.stranger), 0n);
  });

  it("refuses a name of someone else, and what is no domain", async () => {
    const t = await load(withProject);
    const at = (domain: string) => t.projects.read.projectAt([domain, addressOf(t.stranger)]);
    await refused(at(DOMAIN), t.projects, "NameTaken", [addressOf(t.owner)]);
    await refused(at("localhost"), t.projects, "DomainTopLevel", ["localhost"]);
  });
});

describe("ProjectRegistry.versionOf", () => {
  it("gives digest and text of each version", async () => {
    const t = await load(withProject);
    const contents = ["one", "two", "three"];
    for (const content of contents) {
      await t.projects.write.addVersion([PROJECT, cidOf(content), false], by(t.owner));
    }
    for (const [index, content] of contents.entries()) {
      const version = await t.projects.read.versionOf([PROJECT, index + 1]);
      assert.deepEqual(version, [digestOf(content), cidOf(content)]);
    }
  });

  it("refuses versions and projects that do not exist", async () => {
    const t = await load(withProject);
    const versionOf = (projectId: bigint, version: number) => t.projects.read.versionOf([projectId, version]);
    await refused(versionOf(PROJECT, 1), t.projects, "UnknownVersion", [PROJECT, 1, 0]);
    await t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
    await refused(versionOf(PROJECT, 0), t.projects, "UnknownVersion", [PROJECT, 0, 1]);
    await refused(versionOf(PROJECT, 2), t.projects, "UnknownVersion", [PROJECT, 2, 1]);
    await refused(versionOf(UNKNOWN, 1), t.projects, "UnknownProject", [UNKNOWN]);
  });
});

describe("ProjectRegistry.budgetOf", () => {
  it("is what all seats may charge in this or in the next epoch, whichever is more", async () => {
    const t = await load(withProject);
    const budget = () => t.projects.read.budgetOf([PROJECT]);
    assert.equal(await budget(), 3n * USD);

    await t.projects.write.setBudget([PROJECT, 2 * DEFAULT_CAP], by(t.owner));
    assert.equal(await budget(), 6n * USD);
    await nextEpoch(t);
    assert.equal(await budget(), 6n * USD);

    await t.projects.write.setReplicas([PROJECT, [4]], by(t.owner));
    assert.equal(await budget(), 6n * USD);
    await nextEpoch(t);
    assert.equal(await budget(), 2n * USD);
  });

  it("counts the seats that are taken", async () => {
    const t = await load(withProject);
    await t.projects.write.leave([[PROJECT], 1], by(t.nodeOwner1));
    assert.equal(await t.projects.read.budgetOf([PROJECT]), 3n * USD);
    await nextEpoch(t);
    assert.equal(await t.projects.read.budgetOf([PROJECT]), 2n * USD);
  });

  it("holds the largest budget there can be", async () => {
    const t = await load(withProject);
    await t.projects.write.createProject([zoneName("large"), [1, 2, 3, 4, 5], MAX_CAP], by(t.owner));
    assert.equal(await t.projects.read.budgetOf([2n]), 5n * BigInt(MAX_CAP));
  });

  it("refuses a project that does not exist", async () => {
    const t = await load(withProject);
    await refused(t.projects.read.budgetOf([UNKNOWN]), t.projects, "UnknownProject", [UNKNOWN]);
  });
});

describe("ProjectRegistry's other views", () => {
  it("refuse projects that do not exist, 0 among them", async () => {
    const t = await load(withProject);
    for (const id of [0n, UNKNOWN, 2n ** 64n - 1n]) {
      await refused(t.projects.read.projectOf([id]), t.projects, "UnknownProject", [id]);
      await refused(t.projects.read.ownerOf([id]), t.projects, "UnknownProject", [id]);
    }
  });

  it("answer the network's constants", async () => {
    const t = await load(withProject);
    assert.equal(await t.projects.read.zone(), "worker3.localhost");
    assert.equal(await t.projects.read.defaultCap(), DEFAULT_CAP);
    assert.equal(await t.projects.read.maxCap(), MAX_CAP);
    assert.equal(await t.projects.read.projectCount(), 1n);
  });
});
