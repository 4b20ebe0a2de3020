import assert from "node:assert/strict";
import { networkHelpers } from "../support/network.ts";
import {
  addressOf,
  by,
  eventsOf,
  load,
  PROJECT,
  type ProjectNetwork,
  pauseProjects,
  projectSlot,
  refused,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { cidOf, digestOf } from "../support/scenario.ts";

describe("ProjectRegistry.addVersion", () => {
  it("adds a version that is not live: what is served stays", async () => {
    const t = await load(withProject);
    const before = await t.lens.read.projectOf([PROJECT]);
    assert.deepEqual(
      await eventsOf(t, t.projects.write.addVersion([PROJECT, cidOf("one"), false], by(t.owner))),
      [{ eventName: "VersionAdded", projectId: PROJECT, version: 1, cid: cidOf("one"), live: false }],
    );
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), { ...before, versions: 1 });
    assert.deepEqual(await t.lens.read.versionOf([PROJECT, 1]), [digestOf("one"), cidOf("one")]);
  });

  it("adds a live version: it is served from now on", async () => {
    const t = await load(withProject);
    const before = await t.lens.read.projectOf([PROJECT]);
    await t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
    const { result } = await t.projects.simulate.addVersion([PROJECT, cidOf("two"), true], by(t.owner));
    assert.equal(result, 2);
    assert.deepEqual(
      await eventsOf(t, t.projects.write.addVersion([PROJECT, cidOf("two"), true], by(t.owner))),
      [{ eventName: "VersionAdded", projectId: PROJECT, version: 2, cid: cidOf("two"), live: true }],
    );
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), { ...before, versions: 2, active: 2 });
  });

  it("numbers the same content anew", async () => {
    const t = await load(withProject);
    for (let i = 0; i < 3; i++) await t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
    for (const version of [1, 2, 3]) {
      assert.deepEqual(await t.lens.read.versionOf([PROJECT, version]), [digestOf("one"), cidOf("one")]);
    }
  });

  it("ends a split when it is live, and keeps it when not", async () => {
    const t = await load(withProject);
    const split = async () => {
      const { splitVersion, splitBps } = await t.lens.read.projectOf([PROJECT]);
      return [splitVersion, splitBps];
    };
    await t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
    await t.projects.write.addVersion([PROJECT, cidOf("two"), false], by(t.owner));
    await t.projects.write.split([PROJECT, 2, 700], by(t.owner));
    await t.projects.write.addVersion([PROJECT, cidOf("three"), false], by(t.owner));
    assert.deepEqual(await split(), [2, 700]);
    await t.projects.write.addVersion([PROJECT, cidOf("four"), true], by(t.owner));
    assert.deepEqual(await split(), [0, 0]);
  });

  it("lets a delegate, and nobody else", async () => {
    const t = await load(withProject);
    const add = () => t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.stranger));
    await refused(add(), t.projects, "NotDeployer", [PROJECT, addressOf(t.stranger)]);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    await add();
    assert.equal((await t.lens.read.projectOf([PROJECT])).active, 1);
  });

  it("takes versions that are not live from who may propose, and names who did", async () => {
    const t = await load(withProject);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 2], by(t.owner));
    const before = await t.lens.read.projectOf([PROJECT]);
    const add = (live: boolean) => t.projects.write.addVersion([PROJECT, cidOf("one"), live], by(t.stranger));
    assert.deepEqual(await eventsOf(t, add(false)), [
      { eventName: "VersionAdded", projectId: PROJECT, version: 1, cid: cidOf("one"), live: false },
      { eventName: "Proposed", projectId: PROJECT, version: 1, by: addressOf(t.stranger) },
    ]);
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), { ...before, versions: 1 });
    await refused(add(true), t.projects, "NotDeployer", [PROJECT, addressOf(t.stranger)]);
  });

  it("tells a proposal only of who may do no more", async () => {
    const t = await load(withProject);
    const events = async (wallet: typeof t.owner) =>
      (await eventsOf(t, t.projects.write.addVersion([PROJECT, cidOf("one"), false], by(wallet)))).map(
        ({ eventName }) => eventName,
      );
    assert.deepEqual(await events(t.owner), ["VersionAdded"]);
    for (const [rights, names] of [
      [1, ["VersionAdded"]],
      [2, ["VersionAdded", "Proposed"]],
      [3, ["VersionAdded"]],
    ] as const) {
      await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), rights], by(t.owner));
      assert.deepEqual(await events(t.stranger), names);
    }
  });

  it("keeps a split that a proposal comes beside", async () => {
    const t = await load(withProject);
    await t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
    await t.projects.write.addVersion([PROJECT, cidOf("two"), false], by(t.owner));
    await t.projects.write.split([PROJECT, 2, 700], by(t.owner));
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 2], by(t.owner));
    const before = await t.lens.read.projectOf([PROJECT]);
    await t.projects.write.addVersion([PROJECT, cidOf("three"), false], by(t.stranger));
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), { ...before, versions: 3 });
  });

  it("refuses a project that is closed, or that does not exist", async () => {
    const t = await load(withProject);
    const add = (projectId: bigint) =>
      t.projects.write.addVersion([projectId, cidOf("one"), true], by(t.owner));
    const propose = (projectId: bigint) =>
      t.projects.write.addVersion([projectId, cidOf("one"), false], by(t.owner));
    for (const call of [add, propose]) {
      await refused(call(UNKNOWN), t.projects, "UnknownProject", [UNKNOWN]);
    }
    await t.projects.write.close([PROJECT], by(t.owner));
    for (const call of [add, propose]) {
      await refused(call(PROJECT), t.projects, "ProjectClosed", [PROJECT]);
    }
  });

  it("says what is wrong with a CID", async () => {
    const t = await load(withProject);
    const add = (cid: string) => t.projects.write.addVersion([PROJECT, cid, true], by(t.owner));
    const cid = cidOf("one");
    const upper = cid.toUpperCase();
    const strange = `${cid.slice(0, 20)}1${cid.slice(21)}`;
    const padded = `${cid.slice(0, 58)}b`;
    await refused(add(""), t.projects, "CidHasWrongLength", ["", 0n]);
    await refused(add(`${cid}a`), t.projects, "CidHasWrongLength", [`${cid}a`, 60n]);
    await refused(add(upper), t.projects, "CidHasWrongPrefix", [upper, "bafybei"]);
    await refused(add(strange), t.projects, "CidHasWrongCharacter", [strange, 20n]);
    await refused(add(padded), t.projects, "CidIsNotCanonical", [padded]);
    assert.equal((await t.lens.read.projectOf([PROJECT])).versions, 0);
  });

  it("stops at the last number that fits the project's first slot", async () => {
    const t = await load(withProject);
    await setVersions(t, 2 ** 32 - 2);
    await t.projects.write.addVersion([PROJECT, cidOf("last"), true], by(t.owner));
    const last = 2 ** 32 - 1;
    const { versions, active } = await t.lens.read.projectOf([PROJECT]);
    assert.deepEqual([versions, active], [last, last]);
    const oneMore = t.projects.write.addVersion([PROJECT, cidOf("one more"), true], by(t.owner));
    await refused(oneMore, t.projects, "TooManyVersions", []);
  });

  it("is paused with everything new", async () => {
    const t = await load(withProject);
    const add = () => t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
    const until = await pauseProjects(t);
    await refused(add(), t.projects, "Paused", [until]);
    await networkHelpers.time.increaseTo(until);
    await add();
  });
});

/** Four thousand million versions, done in storage: the count stands behind the owner in the project's first slot. */
async function setVersions(t: ProjectNetwork, count: number): Promise<void> {
  const slot = await projectSlot(t, PROJECT, 0);
  const word = BigInt(await networkHelpers.getStorageAt(t.projects.address, slot));
  const changed = (word & ~(0xffffffffn << 160n)) | (BigInt(count) << 160n);
  await networkHelpers.setStorageAt(t.projects.address, slot, changed);
  assert.equal((await t.lens.read.projectOf([PROJECT])).versions, count);
}
