import { networkHelpers } from "../support/network.ts";
import { withProject, eventsOf } from "../support/projects.ts";
import { zoneName, cidOf, assertions, currentEpoch } from "../support/scenario.ts";
describe("x", () => {
  it("a", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    console.log(t.epoch, await currentEpoch(t), await t.projects.read.projectOf([1n]));
    console.log(await eventsOf(t, t.projects.write.deploy([zoneName("abc"), cidOf("1")])));
    await assertions.revertWithCustomErrorWithArgs(t.projects.write.createProject([zoneName("abcd"), [1, 77], 1_000_000]), t.nodes, "UnknownNode", [77]);
  });
});
