import assert from "node:assert/strict";
import {
  addressOf,
  by,
  eventsOf,
  load,
  PROJECT,
  pauseProjects,
  REGION_1,
  REGION_3,
  refused,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { ALL_REGIONS } from "../support/scenario.ts";

describe("ProjectRegistry.setRefill", () => {
  it("sets from where refills draw and whether the home stays; the number of seats and the terms stay", async () => {
    const t = await load(withProject);
    await t.projects.write.setReplicas([PROJECT, [1, 2]], by(t.owner));
    const before = await t.lens.read.projectOf([PROJECT]);
    for (const [regionMask, pinHome] of [
      [REGION_1, true],
      [REGION_1 | REGION_3, false],
      [0, true],
      [0x100, false],
      [ALL_REGIONS, true],
      [ALL_REGIONS, false],
    ] as const) {
      const sent = t.projects.write.setRefill([PROJECT, regionMask, pinHome], by(t.owner));
      assert.deepEqual(await eventsOf(t, sent), [
        { eventName: "RefillSet", projectId: PROJECT, seats: 2, regionMask, pinHome, isChosen: true },
      ]);
      assert.deepEqual(await t.lens.read.projectOf([PROJECT]), {
        ...before,
        regionMask,
        pinHome,
        refillIsChosen: true,
      });
    }
  });

  it("says nothing when nothing changes", async () => {
    const t = await load(withProject);
    const set = () => t.projects.write.setRefill([PROJECT, REGION_1, true], by(t.owner));
    assert.equal((await eventsOf(t, set())).length, 1);
    assert.deepEqual(await eventsOf(t, set()), []);
  });

  it("leaves the meter and the split beside it alone", async () => {
    const t = await load(withProject);
    await t.projects.write.setMeter([PROJECT, addressOf(t.stranger)], by(t.owner));
    await t.projects.write.setRefill([PROJECT, REGION_1, true], by(t.owner));
    assert.equal(await t.projects.read.meterOf([PROJECT]), addressOf(t.stranger));
  });

  it("knows nine regions", async () => {
    const t = await load(withProject);
    for (const mask of [0x200, 0x3ff, 0xffff]) {
      const call = t.projects.write.setRefill([PROJECT, mask, false], by(t.owner));
      await refused(call, t.nodes, "RegionMaskOutOfRange", [mask]);
    }
  });

  it("is the owner's alone, not a delegate's", async () => {
    const t = await load(withProject);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    const call = t.projects.write.setRefill([PROJECT, REGION_1, false], by(t.stranger));
    await refused(call, t.projects, "NotProjectOwner", [PROJECT, addressOf(t.stranger), addressOf(t.owner)]);
  });

  it("refuses a project that is closed, or that does not exist", async () => {
    const t = await load(withProject);
    const set = (projectId: bigint) => t.projects.write.setRefill([projectId, REGION_1, false], by(t.owner));
    await refused(set(UNKNOWN), t.projects, "UnknownProject", [UNKNOWN]);
    await t.projects.write.close([PROJECT], by(t.owner));
    await refused(set(PROJECT), t.projects, "ProjectClosed", [PROJECT]);
  });

  it("goes on during a pause", async () => {
    const t = await load(withProject);
    await pauseProjects(t);
    await t.projects.write.setRefill([PROJECT, 0, false], by(t.owner));
    assert.equal((await t.lens.read.projectOf([PROJECT])).regionMask, 0);
  });
});
