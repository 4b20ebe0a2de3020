import assert from "node:assert/strict";
import { addressOf, by, CAP, handOver, load, PROJECT, refused, withProject } from "../support/projects.ts";
import { cidOf, nextEpoch, zoneName } from "../support/scenario.ts";

/** The network's own pages: the deployer's. */
const PAGES = ["www", "api", "app", "admin", "mail", "ns1", "ns2", "status", "docs"];
/** What browsers, mail programs and visitors trust to be the network's own: the deployer's too. */
const TRUSTED = [
  "wpad",
  "isatap",
  "autodiscover",
  "autoconfig",
  "mta-sts",
  "smtp",
  "ns3",
  "dns",
  "login",
  "account",
  "security",
  "abuse",
  "postmaster",
  "play",
  "cdn",
  "gateway",
  "ipfs",
];
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
  "p12",
  "p00",
];
/** Regions and pages of two letters: too short for a name. */
const SHORT = ["at", "ns", "oc", "me", "n1", "v3", "p7"];
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
  "ns4",
  "a12",
  "x12",
  "p1a",
  "px1",
  "logins",
  "gateways",
  "autodiscovery",
];

describe("Names that the network keeps", () => {
  it("lets only the keeper claim the names of its pages", async () => {
    const t = await load(withProject);
    await t.projects.write.createProjectOn([zoneName("keepers"), [1], CAP], by(t.deployer));
    for (const label of [...PAGES, ...TRUSTED]) {
      const claim = () => t.names.write.claimDomain([PROJECT, zoneName(label)], by(t.owner));
      await refused(claim(), t.names, "NameIsReserved", [zoneName(label)]);
      await t.names.write.claimDomain([2n, zoneName(label)], by(t.deployer));
      await refused(claim(), t.names, "NameIsReserved", [zoneName(label)]);
    }
    assert.equal((await t.lens.read.projectOf([2n])).domains, 1 + PAGES.length + TRUSTED.length);
  });

  it("lets the keeper deploy to them, and answers others whose they are", async () => {
    const t = await load(withProject);
    const deploy = (wallet: typeof t.owner) =>
      t.projects.write.deploy([zoneName("docs"), cidOf("docs")], by(wallet));
    await refused(deploy(t.owner), t.names, "NameIsReserved", [zoneName("docs")]);
    await deploy(t.deployer);
    assert.equal((await t.lens.read.resolve([zoneName("docs")])).owner, addressOf(t.deployer));
    await refused(deploy(t.owner), t.names, "NameTaken", [addressOf(t.deployer)]);
  });

  it("keeps them for the keeper after it gave one up", async () => {
    const t = await load(withProject);
    await t.projects.write.deploy([zoneName("docs"), cidOf("docs")], by(t.deployer));
    await t.names.write.releaseDomain([2n, zoneName("docs")], by(t.deployer));
    await nextEpoch(t, 40);
    const call = t.names.write.claimDomain([PROJECT, zoneName("docs")], by(t.owner));
    await refused(call, t.names, "NameIsReserved", [zoneName("docs")]);
    await t.names.write.claimDomain([2n, zoneName("docs")], by(t.deployer));
  });

  it("goes with a project that the keeper hands over", async () => {
    const t = await load(withProject);
    await t.projects.write.deploy([zoneName("docs"), cidOf("docs")], by(t.deployer));
    await handOver(t, 2n, t.deployer, t.owner);
    await t.projects.write.deploy([zoneName("docs"), cidOf("docs 2")], by(t.owner));
    await t.names.write.claimDomain([2n, zoneName("docs")], by(t.owner));
    assert.equal((await t.lens.read.projectOf([2n])).versions, 2);
  });

  it("lets nobody have the names that its DNS gives a meaning, not even the keeper", async () => {
    const t = await load(withProject);
    await t.projects.write.createProjectOn([zoneName("keepers"), [1], CAP], by(t.deployer));
    for (const label of TECHNICAL) {
      const call = t.names.write.claimDomain([2n, zoneName(label)], by(t.deployer));
      await refused(call, t.names, "NameIsReserved", [zoneName(label)]);
    }
    for (const label of SHORT) {
      const call = t.names.write.claimDomain([2n, zoneName(label)], by(t.deployer));
      await refused(call, t.names, "ZoneLabelHasWrongLength", [zoneName(label), 2n]);
    }
    const view = t.names.read.projectAt([zoneName("nodes"), addressOf(t.deployer)]);
    await refused(view, t.names, "NameIsReserved", [zoneName("nodes")]);
  });

  it("gives everyone the names that only look like those", async () => {
    const t = await load(withProject);
    for (const label of FREE) await t.names.write.claimDomain([PROJECT, zoneName(label)], by(t.owner));
    assert.equal((await t.lens.read.projectOf([PROJECT])).domains, 1 + FREE.length);
  });

  it("keeps nothing outside the zone", async () => {
    const t = await load(withProject);
    for (const domain of ["www.example.org", "nodes.example.org", "n12.example.org", "at.worker3.example"]) {
      await t.names.write.claimDomain([PROJECT, domain], by(t.owner));
    }
    assert.equal((await t.lens.read.projectOf([PROJECT])).domains, 5);
  });
});
