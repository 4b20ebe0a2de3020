import assert from "node:assert/strict";
import { by, load, PROJECT, refused, UNKNOWN, withProject } from "../support/projects.ts";
import { cidOf, digestOf } from "../support/scenario.ts";

describe("Lens.versionOf", () => {
  it("gives digest and text of each version", async () => {
    const t = await load(withProject);
    const contents = ["one", "two", "three"];
    for (const content of contents) {
      await t.projects.write.addVersion([PROJECT, cidOf(content), false], by(t.owner));
    }
    for (const [index, content] of contents.entries()) {
      const version = await t.lens.read.versionOf([PROJECT, index + 1]);
      assert.deepEqual(version, [digestOf(content), cidOf(content)]);
    }
  });

  it("refuses versions and projects that do not exist", async () => {
    const t = await load(withProject);
    const versionOf = (projectId: bigint, version: number) => t.lens.read.versionOf([projectId, version]);
    await refused(versionOf(PROJECT, 1), t.projects, "UnknownVersion", [PROJECT, 1, 0]);
    await t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
    await refused(versionOf(PROJECT, 0), t.projects, "UnknownVersion", [PROJECT, 0, 1]);
    await refused(versionOf(PROJECT, 2), t.projects, "UnknownVersion", [PROJECT, 2, 1]);
    await refused(versionOf(UNKNOWN, 1), t.projects, "UnknownProject", [UNKNOWN]);
  });
});
