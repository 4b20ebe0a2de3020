import assert from "node:assert/strict";
import { zeroAddress } from "viem";
import {
  addressOf,
  by,
  DOMAIN,
  load,
  PROJECT,
  refused,
  STANDING,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { moveToEpoch, zoneName } from "../support/scenario.ts";

const CUSTOM = "www.example.org";

describe("Lens.nameOf", () => {
  it("says whose a name of the zone is, and until when it rests for its last owner", async () => {
    const t = await load(withProject);
    const nameOf = () => t.lens.read.nameOf([DOMAIN]);
    const owner = addressOf(t.owner);
    assert.deepEqual(await nameOf(), [STANDING.held, owner, PROJECT, 0, 0]);
    await t.names.write.noticeLapse([DOMAIN], by(t.stranger));
    assert.deepEqual(await nameOf(), [STANDING.held, owner, PROJECT, 0, t.epoch]);
    await t.names.write.releaseDomain([PROJECT, DOMAIN], by(t.owner));
    assert.deepEqual(await nameOf(), [STANDING.resting, owner, PROJECT, t.epoch + 30, 0]);
    await moveToEpoch(t, t.epoch + 30);
    assert.deepEqual(await nameOf(), [STANDING.resting, owner, PROJECT, t.epoch + 30, 0]);
    await moveToEpoch(t, t.epoch + 31);
    assert.deepEqual(await nameOf(), [STANDING.free, zeroAddress, PROJECT, 0, 0]);
  });

  it("says the same of a closed project's name, from the epoch of its close", async () => {
    const t = await load(withProject);
    await t.projects.write.close([PROJECT], by(t.owner));
    const resting = [STANDING.resting, addressOf(t.owner), PROJECT, t.epoch + 30, 0] as const;
    assert.deepEqual(await t.lens.read.nameOf([DOMAIN]), [...resting]);
    await moveToEpoch(t, t.epoch + 31);
    assert.deepEqual(await t.lens.read.nameOf([DOMAIN]), [STANDING.free, zeroAddress, PROJECT, 0, 0]);
  });

  it("knows a name that nobody had, and refuses what is no name of the zone", async () => {
    const t = await load(withProject);
    const nameOf = (domain: string) => t.lens.read.nameOf([domain]);
    assert.deepEqual(await nameOf(zoneName("nobodys")), [STANDING.free, zeroAddress, 0n, 0, 0]);
    await refused(nameOf(CUSTOM), t.names, "ProveByTxt", [CUSTOM]);
    await refused(nameOf(zoneName("nodes")), t.names, "NameIsReserved", [zoneName("nodes")]);
  });
});

describe("Lens.domainsOf", () => {
  it("says which of some domains a project holds, and how many it holds in all", async () => {
    const t = await load(withProject);
    await t.names.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    await t.names.write.claimDomain([PROJECT, zoneName("another")], by(t.owner));
    const domainsOf = (candidates: string[]) => t.lens.read.domainsOf([PROJECT, candidates]);
    assert.deepEqual(await domainsOf([]), [3, []]);
    const candidates = [CUSTOM, zoneName("nobodys"), DOMAIN, "example.org", zoneName("another")];
    assert.deepEqual(await domainsOf(candidates), [3, [true, false, true, false, true]]);
    await t.names.write.releaseDomain([PROJECT, CUSTOM], by(t.owner));
    assert.deepEqual(await domainsOf(candidates), [2, [false, false, true, false, true]]);
    await t.projects.write.close([PROJECT], by(t.owner));
    assert.deepEqual(await domainsOf([DOMAIN]), [2, [false]]);
    await refused(domainsOf(["localhost"]), t.names, "DomainHasNoTopLevel", ["localhost"]);
    const unknown = t.lens.read.domainsOf([UNKNOWN, [DOMAIN]]);
    await refused(unknown, t.projects, "UnknownProject", [UNKNOWN]);
  });
});
