import assert from "node:assert/strict";
import {
  addressOf,
  by,
  DEFAULT_CAP,
  handOver,
  load,
  PROJECT,
  refused,
  resolve,
  withProject,
} from "../support/projects.ts";
import { cidOf, nextEpoch, zoneName } from "../support/scenario.ts";

/** The network's own pages: the deployer's. */
const PAGES = ["www", "api", "app", "admin", "mail", "ns1", "ns2", "status", "docs"];
/** What the network's DNS gives a meaning. */
const TECHNICAL = [
  "nodes",
  "wnam",
  "enam",
  "sam",
  "weur",
  "eeur",
  "apac",
  "afr",
  "n12",
  "n00",
  "v37",
  "v123456",
];
/** Regions and pages of two letters: too short for a name. */
const SHORT = ["at", "ns", "oc", "me", "n1", "v3"];
/** Names that only look like those. */
const FREE = [
  "nx1",
  "v1a",
  "n1-2",
  "nodes2",
  "node",
  "wnam1",
  "www2",
  "apis",
  "docs1",
  "statuses",
  "ns3",
  "a12",
  "x12",
];

describe("Names that the network keeps", () => {
  it("lets only the keeper claim the names of its pages", async () => {
    const t = await load(withProject);
    await t.projects.write.createProject([zoneName("keepers"), [1], DEFAULT_CAP], by(t.deployer));
    for (const label of PAGES) {
      const claim = () => t.projects.write.claimDomain([PROJECT, zoneName(label)], by(t.owner));
      await refused(claim(), t.projects, "NameReserved", [zoneName(label)]);
      await t.projects.write.claimDomain([2n, zoneName(label)], by(t.deployer));
      await refused(claim(), t.projects, "NameReserved", [zoneName(label)]);
    }
    assert.equal((await t.projects.read.projectOf([2n])).domains, 1 + PAGES.length);
  });

  it("lets the keeper deploy to them, and answers others whose they are", async () => {
    const t = await load(withProject);
    const deploy = (wallet: typeof t.owner) =>
      t.projects.write.deploy([zoneName("docs"), cidOf("docs")], by(wallet));
    await refused(deploy(t.owner), t.projects, "NameReserved", [zoneName("docs")]);
    await deploy(t.deployer);
    assert.equal((await resolve(t, zoneName("docs")))[1], addressOf(t.deployer));
    await refused(deploy(t.owner), t.projects, "NameTaken", [addressOf(t.deployer)]);
  });

  it("keeps them for the keeper after it gave one up", async () => {
    const t = await load(withProject);
    await t.projects.write.deploy([zoneName("docs"), cidOf("docs")], by(t.deployer));
    await t.projects.write.releaseDomain([2n, zoneName("docs")], by(t.deployer));
    await nextEpoch(t, 40);
    const call = t.projects.write.claimDomain([PROJECT, zoneName("docs")], by(t.owner));
    await refused(call, t.projects, "NameReserved", [zoneName("docs")]);
    await t.projects.write.claimDomain([2n, zoneName("docs")], by(t.deployer));
  });

  it("goes with a project that the keeper hands over", async () => {
    const t = await load(withProject);
    await t.projects.write.deploy([zoneName("docs"), cidOf("docs")], by(t.deployer));
    await handOver(t, 2n, t.deployer, t.owner);
    await t.projects.write.deploy([zoneName("docs"), cidOf("docs 2")], by(t.owner));
    await t.projects.write.claimDomain([2n, zoneName("docs")], by(t.owner));
    assert.equal((await t.projects.read.projectOf([2n])).versions, 2);
  });

  it("lets nobody have the names that its DNS gives a meaning, not even the keeper", async () => {
    const t = await load(withProject);
    await t.projects.write.createProject([zoneName("keepers"), [1], DEFAULT_CAP], by(t.deployer));
    for (const label of TECHNICAL) {
      const call = t.projects.write.claimDomain([2n, zoneName(label)], by(t.deployer));
      await refused(call, t.projects, "NameReserved", [zoneName(label)]);
    }
    for (const label of SHORT) {
      const call = t.projects.write.claimDomain([2n, zoneName(label)], by(t.deployer));
      await refused(call, t.projects, "ZoneLabelLength", [zoneName(label), 2n]);
    }
    const view = t.projects.read.projectAt([zoneName("nodes"), addressOf(t.deployer)]);
    await refused(view, t.projects, "NameReserved", [zoneName("nodes")]);
  });

  it("gives everyone the names that only look like those", async () => {
    const t = await load(withProject);
    for (const label of FREE) await t.projects.write.claimDomain([PROJECT, zoneName(label)], by(t.owner));
    assert.equal((await t.projects.read.projectOf([PROJECT])).domains, 1 + FREE.length);
  });

  it("keeps nothing outside the zone", async () => {
    const t = await load(withProject);
    for (const domain of ["www.example.org", "nodes.example.org", "n12.example.org", "at.worker3.example"]) {
      await t.projects.write.claimDomain([PROJECT, domain], by(t.owner));
    }
    assert.equal((await t.projects.read.projectOf([PROJECT])).domains, 5);
  });
});
