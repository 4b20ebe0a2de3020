import assert from "node:assert/strict";
import { zeroHash } from "viem";
import {
  addressOf,
  by,
  eventsOf,
  load,
  PROJECT,
  pauseProjects,
  refused,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { cidOf, digestOf } from "../support/scenario.ts";

/** Versions 1, 2 and 3, of which 3 is served. */
async function withVersions() {
  const t = await withProject();
  for (const content of ["one", "two", "three"]) {
    await t.projects.write.addVersion([PROJECT, cidOf(content), true], by(t.owner));
  }
  return t;
}

describe("ProjectRegistry.activate", () => {
  it("rolls back to an earlier version", async () => {
    const t = await load(withVersions);
    const before = await t.lens.read.projectOf([PROJECT]);
    const sent = t.projects.write.activate([PROJECT, 1, digestOf("one")], by(t.owner));
    assert.deepEqual(await eventsOf(t, sent), [{ eventName: "Activated", projectId: PROJECT, version: 1 }]);
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), { ...before, active: 1 });
  });

  it("makes a version live that was added without", async () => {
    const t = await load(withVersions);
    await t.projects.write.addVersion([PROJECT, cidOf("four"), false], by(t.owner));
    await t.projects.write.activate([PROJECT, 4, digestOf("four")], by(t.owner));
    assert.equal((await t.lens.read.projectOf([PROJECT])).active, 4);
  });

  it("ends a split, whichever version it activates", async () => {
    const t = await load(withVersions);
    for (const [version, content] of [
      [1, "one"],
      [2, "two"],
      [2, "two"],
    ] as const) {
      await t.projects.write.split([PROJECT, version === 1 ? 1 : 3, 400], by(t.owner));
      await t.projects.write.activate([PROJECT, version, digestOf(content)], by(t.owner));
      const { active, splitVersion, splitBps } = await t.lens.read.projectOf([PROJECT]);
      assert.deepEqual({ active, splitVersion, splitBps }, { active: version, splitVersion: 0, splitBps: 0 });
    }
  });

  it("refuses another digest than the version's", async () => {
    const t = await load(withVersions);
    const activate = (version: number, digest: `0x${string}`) =>
      t.projects.write.activate([PROJECT, version, digest], by(t.owner));
    await refused(activate(1, digestOf("two")), t.projects, "WrongDigest", [
      PROJECT,
      1,
      digestOf("two"),
      digestOf("one"),
    ]);
    await refused(activate(2, zeroHash), t.projects, "WrongDigest", [PROJECT, 2, zeroHash, digestOf("two")]);
  });

  it("refuses a version that does not exist", async () => {
    const t = await load(withVersions);
    for (const version of [0, 4, 2 ** 24 + 1, 2 ** 32 - 1]) {
      const call = t.projects.write.activate([PROJECT, version, zeroHash], by(t.owner));
      await refused(call, t.projects, "UnknownVersion", [PROJECT, version, 3]);
    }
  });

  it("lets a delegate, and nobody else", async () => {
    const t = await load(withVersions);
    const activate = () => t.projects.write.activate([PROJECT, 1, digestOf("one")], by(t.stranger));
    await refused(activate(), t.projects, "NotDeployer", [PROJECT, addressOf(t.stranger)]);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    await activate();
    assert.equal((await t.lens.read.projectOf([PROJECT])).active, 1);
  });

  it("refuses a project that is closed, or that does not exist", async () => {
    const t = await load(withVersions);
    const activate = (projectId: bigint) =>
      t.projects.write.activate([projectId, 1, digestOf("one")], by(t.owner));
    await refused(activate(UNKNOWN), t.projects, "UnknownProject", [UNKNOWN]);
    await t.projects.write.close([PROJECT], by(t.owner));
    await refused(activate(PROJECT), t.projects, "ProjectClosed", [PROJECT]);
  });

  it("goes on during a pause: a rollback is not new", async () => {
    const t = await load(withVersions);
    await pauseProjects(t);
    await t.projects.write.activate([PROJECT, 1, digestOf("one")], by(t.owner));
    assert.equal((await t.lens.read.projectOf([PROJECT])).active, 1);
  });
});
