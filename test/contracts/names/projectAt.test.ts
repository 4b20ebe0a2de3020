import assert from "node:assert/strict";
import { addressOf, by, DOMAIN, load, PROJECT, refused, withProject } from "../support/projects.ts";
import { zoneName } from "../support/scenario.ts";

const CUSTOM = "www.example.org";

describe("NameRegistry.projectAt", () => {
  it("says where a deploy goes: the caller's project, or a new one", async () => {
    const t = await load(withProject);
    const at = (domain: string, wallet: typeof t.owner) =>
      t.names.read.projectAt([domain, addressOf(wallet)]);
    await t.names.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    assert.equal(await at(DOMAIN, t.owner), PROJECT);
    assert.equal(await at(CUSTOM, t.owner), PROJECT);
    assert.equal(await at(CUSTOM, t.stranger), 0n);
    assert.equal(await at(zoneName("nobodys"), t.owner), 0n);
    // A delegate acts by the project's id, not by its name.
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 3], by(t.owner));
    await refused(at(DOMAIN, t.stranger), t.names, "NameTaken", [addressOf(t.owner)]);
    assert.equal(await at(CUSTOM, t.stranger), 0n);
  });

  it("refuses a name of someone else, and what is no domain", async () => {
    const t = await load(withProject);
    const at = (domain: string) => t.names.read.projectAt([domain, addressOf(t.stranger)]);
    await refused(at(DOMAIN), t.names, "NameTaken", [addressOf(t.owner)]);
    await refused(at("localhost"), t.names, "DomainHasNoTopLevel", ["localhost"]);
  });
});
