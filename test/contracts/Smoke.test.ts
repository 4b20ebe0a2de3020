import assert from "node:assert/strict";
import { deployNetwork, networkHelpers } from "./support/network.ts";

describe("smoke", () => {
  it("deploys", async () => {
    const t0=Date.now();
    const n = await networkHelpers.loadFixture(deployNetwork);
    console.log(JSON.stringify(n.network,null,1), Date.now()-t0);
    assert.equal(await n.projects.read.zone(), "worker3.localhost");
    assert.equal((await n.nodes.read.settlement()).toLowerCase(), n.settlement.address.toLowerCase());
  });
});
