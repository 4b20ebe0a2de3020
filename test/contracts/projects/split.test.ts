import assert from "node:assert/strict";
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
import { cidOf } from "../support/scenario.ts";

/** Versions 1 to 3, of which 1 is served. */
async function withTrials() {
  const t = await withProject();
  await t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
  await t.projects.write.addVersion([PROJECT, cidOf("two"), false], by(t.owner));
  await t.projects.write.addVersion([PROJECT, cidOf("three"), false], by(t.owner));
  return t;
}

describe("ProjectRegistry.split", () => {
  it("serves a second version beside the active one", async () => {
    const t = await load(withTrials);
    const before = await t.lens.read.projectOf([PROJECT]);
    for (const [version, bps] of [
      [2, 1],
      [3, 9_999],
    ] as const) {
      assert.deepEqual(await eventsOf(t, t.projects.write.split([PROJECT, version, bps], by(t.owner))), [
        { eventName: "SplitSet", projectId: PROJECT, version, bps },
      ]);
      assert.deepEqual(await t.lens.read.projectOf([PROJECT]), {
        ...before,
        splitVersion: version,
        splitBps: bps,
      });
    }
  });

  it("ends with 0, whatever version is named", async () => {
    const t = await load(withTrials);
    const before = await t.lens.read.projectOf([PROJECT]);
    for (const named of [0, 1, 2, 77]) {
      await t.projects.write.split([PROJECT, 2, 300], by(t.owner));
      assert.deepEqual(await eventsOf(t, t.projects.write.split([PROJECT, named, 0], by(t.owner))), [
        { eventName: "SplitSet", projectId: PROJECT, version: 0, bps: 0 },
      ]);
      assert.deepEqual(await t.lens.read.projectOf([PROJECT]), before);
    }
  });

  it("gives at most 9999 of 10000", async () => {
    const t = await load(withTrials);
    for (const bps of [10_000, 65_535]) {
      await refused(
        t.projects.write.split([PROJECT, 2, bps], by(t.owner)),
        t.projects,
        "SplitBpsOutOfRange",
        [bps],
      );
    }
  });

  it("refuses the active version, and versions that do not exist", async () => {
    const t = await load(withTrials);
    const split = (version: number) => t.projects.write.split([PROJECT, version, 100], by(t.owner));
    await refused(split(1), t.projects, "SplitWithActive", [PROJECT, 1]);
    await refused(split(0), t.projects, "UnknownVersion", [PROJECT, 0, 3]);
    await refused(split(4), t.projects, "UnknownVersion", [PROJECT, 4, 3]);
  });

  it("lets a delegate, and nobody else", async () => {
    const t = await load(withTrials);
    const split = () => t.projects.write.split([PROJECT, 2, 100], by(t.stranger));
    await refused(split(), t.projects, "NotDeployer", [PROJECT, addressOf(t.stranger)]);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    await split();
    assert.equal((await t.lens.read.projectOf([PROJECT])).splitVersion, 2);
  });

  it("refuses a project that is closed, or that does not exist", async () => {
    const t = await load(withTrials);
    const split = (projectId: bigint) => t.projects.write.split([projectId, 2, 100], by(t.owner));
    await refused(split(UNKNOWN), t.projects, "UnknownProject", [UNKNOWN]);
    await t.projects.write.close([PROJECT], by(t.owner));
    await refused(split(PROJECT), t.projects, "ProjectClosed", [PROJECT]);
  });

  it("goes on during a pause", async () => {
    const t = await load(withTrials);
    await pauseProjects(t);
    await t.projects.write.split([PROJECT, 2, 100], by(t.owner));
    await t.projects.write.split([PROJECT, 0, 0], by(t.owner));
    assert.equal((await t.lens.read.projectOf([PROJECT])).splitBps, 0);
  });
});
