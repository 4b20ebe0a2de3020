import assert from "node:assert/strict";
import {
  addressOf,
  by,
  CAP,
  DOMAIN,
  eventsOf,
  handOver,
  load,
  PROJECT,
  pauseProjects,
  refused,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { cidOf, zoneName } from "../support/scenario.ts";

const NAME = zoneName("second-name");
const CUSTOM = "www.example.org";

describe("NameRegistry.claimDomain", () => {
  for (const [kind, domain] of [
    ["a name of the zone", NAME],
    ["a domain outside the zone", CUSTOM],
  ] as const) {
    it(`claims ${kind}`, async () => {
      const t = await load(withProject);
      const before = await t.lens.read.projectOf([PROJECT]);
      assert.equal(await t.names.read.projectAt([domain, addressOf(t.owner)]), 0n);
      const target = {
        eventName: "TargetSet" as const,
        projectId: PROJECT,
        owner: addressOf(t.owner),
        domain,
      };
      assert.deepEqual(await eventsOf(t, t.names.write.claimDomain([PROJECT, domain], by(t.owner))), [
        ...(domain === CUSTOM ? [target] : []),
        { eventName: "DomainClaimed", projectId: PROJECT, domain },
      ]);
      assert.deepEqual(await t.lens.read.projectOf([PROJECT]), { ...before, domains: 2 });
      assert.equal(await t.names.read.projectAt([domain, addressOf(t.owner)]), PROJECT);
      await t.projects.write.deploy([domain, cidOf("one")], by(t.owner));
      assert.equal((await t.lens.read.projectOf([PROJECT])).versions, 1);
    });

    it(`changes nothing when it claims ${kind} again`, async () => {
      const t = await load(withProject);
      const claim = () => t.names.write.claimDomain([PROJECT, domain], by(t.owner));
      await claim();
      const before = await t.lens.read.projectOf([PROJECT]);
      assert.deepEqual(await eventsOf(t, claim()), []);
      assert.deepEqual(await t.lens.read.projectOf([PROJECT]), before);
    });
  }

  it("claims at most 32, the first included; a re-claim is no claim", async () => {
    const t = await load(withProject);
    const claim = (domain: string) => t.names.write.claimDomain([PROJECT, domain], by(t.owner));
    for (let i = 1; i < 32; i++) await claim(i % 2 === 0 ? zoneName(`name-${i}`) : `name-${i}.example.org`);
    assert.equal((await t.lens.read.projectOf([PROJECT])).domains, 32);

    await refused(claim(NAME), t.projects, "TooManyDomains", [PROJECT]);
    await refused(claim(CUSTOM), t.projects, "TooManyDomains", [PROJECT]);
    assert.equal(await t.names.read.projectAt([NAME, addressOf(t.owner)]), 0n);
    assert.deepEqual(await eventsOf(t, claim(zoneName("name-2"))), []);
    assert.deepEqual(await eventsOf(t, claim("name-1.example.org")), []);

    await t.names.write.releaseDomain([PROJECT, "name-1.example.org"], by(t.owner));
    await claim(NAME);
    assert.equal((await t.lens.read.projectOf([PROJECT])).domains, 32);
  });

  it("refuses a name of someone else's project, and of another project of one's own", async () => {
    const t = await load(withProject);
    await t.projects.write.createProjectOn([NAME, [1], CAP], by(t.stranger));
    await t.projects.write.createProjectOn([zoneName("third"), [1], CAP], by(t.owner));
    await refused(t.names.write.claimDomain([PROJECT, NAME], by(t.owner)), t.names, "NameTaken", [
      addressOf(t.stranger),
    ]);
    await refused(t.names.write.claimDomain([3n, DOMAIN], by(t.owner)), t.names, "NameTaken", [
      addressOf(t.owner),
    ]);
  });

  it("lets several projects claim a domain outside the zone: the DNS decides", async () => {
    const t = await load(withProject);
    await t.projects.write.createProjectOn([NAME, [4], CAP], by(t.stranger));
    await t.names.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    await t.names.write.claimDomain([2n, CUSTOM], by(t.stranger));
    assert.equal((await t.lens.read.resolveAt([CUSTOM, PROJECT])).projectId, PROJECT);
    assert.equal((await t.lens.read.resolveAt([CUSTOM, 2n])).projectId, 2n);
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.owner)]), PROJECT);
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.stranger)]), 2n);
  });

  it("lets a new owner's deploy find a domain outside the zone, once claimed again", async () => {
    const t = await load(withProject);
    await t.names.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    await handOver(t, PROJECT, t.owner, t.stranger);
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.stranger)]), 0n);
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.owner)]), 0n);
    assert.equal((await t.lens.read.resolveAt([CUSTOM, PROJECT])).projectId, PROJECT);

    assert.deepEqual(await eventsOf(t, t.names.write.claimDomain([PROJECT, CUSTOM], by(t.stranger))), [
      { eventName: "TargetSet", projectId: PROJECT, owner: addressOf(t.stranger), domain: CUSTOM },
    ]);
    await t.projects.write.deploy([CUSTOM, cidOf("one")], by(t.stranger));
    const { versions, domains } = await t.lens.read.projectOf([PROJECT]);
    assert.deepEqual({ versions, domains }, { versions: 1, domains: 2 });
    // the owner before gets a project of its own
    await t.projects.write.deploy([CUSTOM, cidOf("two")], by(t.owner));
    assert.equal(await t.names.read.projectAt([CUSTOM, addressOf(t.owner)]), 2n);
  });

  it("says what is wrong with a domain", async () => {
    const t = await load(withProject);
    const claim = (domain: string) => t.names.write.claimDomain([PROJECT, domain], by(t.owner));
    const { names } = t;
    await refused(claim("ab"), names, "DomainHasWrongLength", ["ab", 2n]);
    await refused(claim("my_site.example.org"), names, "DomainHasWrongCharacter", [
      "my_site.example.org",
      2n,
    ]);
    await refused(claim("-a.example.org"), names, "DomainHasWrongLabel", ["-a.example.org", 2n]);
    await refused(claim("192.168.0.1"), names, "DomainHasNoTopLevel", ["192.168.0.1"]);
    await refused(claim(zoneName("a.b")), names, "NotOneLabelBelowZone", [zoneName("a.b")]);
    await refused(claim("worker3.localhost"), names, "NotOneLabelBelowZone", ["worker3.localhost"]);
    await refused(claim(zoneName("ab")), names, "ZoneLabelHasWrongLength", [zoneName("ab"), 2n]);
    await refused(claim(zoneName("xn--a")), names, "ZoneLabelLooksLikePunycode", [zoneName("xn--a")]);
    await refused(claim(zoneName("nodes")), names, "NameIsReserved", [zoneName("nodes")]);
  });

  it("is the owner's alone, not a delegate's", async () => {
    const t = await load(withProject);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    for (const domain of [NAME, CUSTOM, DOMAIN]) {
      const call = t.names.write.claimDomain([PROJECT, domain], by(t.stranger));
      await refused(call, t.projects, "NotProjectOwner", [
        PROJECT,
        addressOf(t.stranger),
        addressOf(t.owner),
      ]);
    }
  });

  it("refuses a project that is closed, or that does not exist", async () => {
    const t = await load(withProject);
    const claim = (projectId: bigint) => t.names.write.claimDomain([projectId, NAME], by(t.owner));
    await refused(claim(UNKNOWN), t.projects, "UnknownProject", [UNKNOWN]);
    await t.projects.write.close([PROJECT], by(t.owner));
    await refused(claim(PROJECT), t.projects, "ProjectClosed", [PROJECT]);
  });

  it("goes on during a pause", async () => {
    const t = await load(withProject);
    await pauseProjects(t);
    await t.names.write.claimDomain([PROJECT, NAME], by(t.owner));
    assert.equal((await t.lens.read.projectOf([PROJECT])).domains, 2);
  });
});
