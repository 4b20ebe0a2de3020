import assert from "node:assert/strict";
import { encodeAbiParameters, keccak256 } from "viem";
import { networkHelpers } from "../support/network.ts";
import {
  addressOf,
  by,
  eventsOf,
  load,
  PROJECT,
  type ProjectNetwork,
  pauseProjects,
  refused,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { cidOf, digestOf } from "../support/scenario.ts";

describe("ProjectRegistry.addVersion", () => {
  it("adds a version that is not live: what is served stays", async () => {
    const t = await load(withProject);
    const before = await t.projects.read.projectOf([PROJECT]);
    assert.deepEqual(
      await eventsOf(t, t.projects.write.addVersion([PROJECT, cidOf("one"), false], by(t.owner))),
      [{ eventName: "VersionAdded", projectId: PROJECT, version: 1, cid: cidOf("one"), live: false }],
    );
    assert.deepEqual(await t.projects.read.projectOf([PROJECT]), { ...before, versions: 1 });
    assert.deepEqual(await t.projects.read.versionOf([PROJECT, 1]), [digestOf("one"), cidOf("one")]);
  });

  it("adds a live version: it is served from now on", async () => {
    const t = await load(withProject);
    const before = await t.projects.read.projectOf([PROJECT]);
    await t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
    const { result } = await t.projects.simulate.addVersion([PROJECT, cidOf("two"), true], by(t.owner));
    assert.equal(result, 2);
    assert.deepEqual(
      await eventsOf(t, t.projects.write.addVersion([PROJECT, cidOf("two"), true], by(t.owner))),
      [{ eventName: "VersionAdded", projectId: PROJECT, version: 2, cid: cidOf("two"), live: true }],
    );
    assert.deepEqual(await t.projects.read.projectOf([PROJECT]), { ...before, versions: 2, active: 2 });
  });

  it("numbers the same content anew", async () => {
    const t = await load(withProject);
    for (let i = 0; i < 3; i++) await t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
    for (const version of [1, 2, 3]) {
      assert.deepEqual(await t.projects.read.versionOf([PROJECT, version]), [digestOf("one"), cidOf("one")]);
    }
  });

  it("ends a split when it is live, and keeps it when not", async () => {
    const t = await load(withProject);
    const split = async () => {
      const { splitVersion, splitBps } = await t.projects.read.projectOf([PROJECT]);
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
    assert.equal((await t.projects.read.projectOf([PROJECT])).active, 1);
  });

  it("refuses a project that is closed, or that does not exist", async () => {
    const t = await load(withProject);
    const add = (projectId: bigint) =>
      t.projects.write.addVersion([projectId, cidOf("one"), true], by(t.owner));
    await refused(add(UNKNOWN), t.projects, "UnknownProject", [UNKNOWN]);
    await t.projects.write.close([PROJECT], by(t.owner));
    await refused(add(PROJECT), t.projects, "ProjectClosed", [PROJECT]);
  });

  it("says what is wrong with a CID", async () => {
    const t = await load(withProject);
    const add = (cid: string) => t.projects.write.addVersion([PROJECT, cid, true], by(t.owner));
    const cid = cidOf("one");
    const upper = cid.toUpperCase();
    const strange = `${cid.slice(0, 20)}1${cid.slice(21)}`;
    const padded = `${cid.slice(0, 58)}b`;
    await refused(add(""), t.projects, "CidLength", ["", 0n]);
    await refused(add(`${cid}a`), t.projects, "CidLength", [`${cid}a`, 60n]);
    await refused(add(upper), t.projects, "CidPrefix", [upper, "bafybei"]);
    await refused(add(strange), t.projects, "CidCharacter", [strange, 20n]);
    await refused(add(padded), t.projects, "CidNotCanonical", [padded]);
    assert.equal((await t.projects.read.projectOf([PROJECT])).versions, 0);
  });

  it("stops at the last number that fits the project's first slot", async () => {
    const t = await load(withProject);
    await setVersions(t, 2 ** 24 - 2);
    await t.projects.write.addVersion([PROJECT, cidOf("last"), true], by(t.owner));
    const last = 2 ** 24 - 1;
    const { versions, active } = await t.projects.read.projectOf([PROJECT]);
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

/** Sixteen million versions, done in storage: the count is in the project's slot that begins with its owner. */
async function setVersions({ projects, owner }: ProjectNetwork, count: number): Promise<void> {
  const words = [{ type: "uint64" }, { type: "uint256" }] as const;
  for (let mapping = 0n; mapping < 16n; mapping++) {
    const slot = BigInt(keccak256(encodeAbiParameters(words, [PROJECT, mapping])));
    const word = BigInt(await networkHelpers.getStorageAt(projects.address, slot));
    if ((word & (2n ** 160n - 1n)) !== BigInt(addressOf(owner))) continue;
    const changed = (word & ~(0xffffffn << 160n)) | (BigInt(count) << 160n);
    await networkHelpers.setStorageAt(projects.address, slot, changed);
    assert.equal((await projects.read.projectOf([PROJECT])).versions, count);
    return;
  }
  assert.fail("no slot begins with the owner of the project");
}
