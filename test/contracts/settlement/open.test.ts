import assert from "node:assert/strict";
import { networkHelpers } from "../support/network.ts";
import { addressOf, assertions, createProject, currentEpoch } from "../support/scenario.ts";
import { serving } from "../support/settlement.ts";

describe("UsageSettlement.open", () => {
  it("opens a project's ring in the epoch of its creation, with nothing counted", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const projectId = await createProject(t, { nodeIds: [t.nodeId] });
    assert.equal(await t.settlement.read.ringOf([projectId]), BigInt(await currentEpoch(t)));
  });

  it("is for the project registry alone: nobody empties a ring", async () => {
    const t = await networkHelpers.loadFixture(serving);
    for (const wallet of [t.owner, t.admin, t.deployer, t.stranger]) {
      await assertions.revertWithCustomErrorWithArgs(
        t.settlement.write.open([t.projectId], { account: wallet.account }),
        t.settlement,
        "NotProjectRegistry",
        [addressOf(wallet)],
      );
    }
  });
});
