import assert from "node:assert/strict";
import { zeroAddress } from "viem";
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

describe("ProjectRegistry.setMeter", () => {
  it("sets the key that releases receipts early, and clears it with zero", async () => {
    const t = await load(withProject);
    const before = await t.lens.read.projectOf([PROJECT]);
    for (const meter of [addressOf(t.stranger), addressOf(t.operator2), zeroAddress]) {
      assert.deepEqual(await eventsOf(t, t.projects.write.setMeter([PROJECT, meter], by(t.owner))), [
        { eventName: "MeterSet", projectId: PROJECT, meter },
      ]);
      assert.equal(await t.projects.read.meterOf([PROJECT]), meter);
      assert.deepEqual(await t.lens.read.projectOf([PROJECT]), { ...before, meter });
    }
  });

  it("leaves the split and the refill rule in the same slot alone", async () => {
    const t = await load(withProject);
    await t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
    await t.projects.write.addVersion([PROJECT, cidOf("two"), false], by(t.owner));
    await t.projects.write.split([PROJECT, 2, 1_234], by(t.owner));
    await t.projects.write.setRefill([PROJECT, 5, true], by(t.owner));
    const before = await t.lens.read.projectOf([PROJECT]);
    await t.projects.write.setMeter([PROJECT, addressOf(t.stranger)], by(t.owner));
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), { ...before, meter: addressOf(t.stranger) });
  });

  it("is the owner's alone: neither a delegate's nor the meter's", async () => {
    const t = await load(withProject);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    await t.projects.write.setMeter([PROJECT, addressOf(t.operator2)], by(t.owner));
    for (const wallet of [t.stranger, t.operator2]) {
      const call = t.projects.write.setMeter([PROJECT, addressOf(wallet)], by(wallet));
      await refused(call, t.projects, "NotProjectOwner", [PROJECT, addressOf(wallet), addressOf(t.owner)]);
    }
  });

  it("refuses a project that does not exist", async () => {
    const t = await load(withProject);
    const call = t.projects.write.setMeter([UNKNOWN, addressOf(t.stranger)], by(t.owner));
    await refused(call, t.projects, "UnknownProject", [UNKNOWN]);
    await refused(t.projects.read.meterOf([UNKNOWN]), t.projects, "UnknownProject", [UNKNOWN]);
  });

  it("works during a pause and after the close: the last receipts are still to be released", async () => {
    const t = await load(withProject);
    await pauseProjects(t);
    await t.projects.write.close([PROJECT], by(t.owner));
    await t.projects.write.setMeter([PROJECT, addressOf(t.stranger)], by(t.owner));
    assert.equal(await t.projects.read.meterOf([PROJECT]), addressOf(t.stranger));
  });
});
