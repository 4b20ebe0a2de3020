import assert from "node:assert/strict";
import {
  addressOf,
  by,
  DEFAULT_CAP,
  DOMAIN,
  eventsOf,
  handOver,
  load,
  PROJECT,
  pauseProjects,
  refused,
  resolve,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { cidOf, zoneName } from "../support/scenario.ts";

const NAME = zoneName("second-name");
const CUSTOM = "www.example.org";

describe("ProjectRegistry.claimDomain", () => {
  for (const [kind, domain] of [
    ["a name of the zone", NAME],
    ["a domain outside the zone", CUSTOM],
  ] as const) {
    it(`claims ${kind}`, async () => {
      const t = await load(withProject);
      const before = await t.projects.read.projectOf([PROJECT]);
      assert.equal(await t.projects.read.projectAt([domain, addressOf(t.owner)]), 0n);
      assert.deepEqual(await eventsOf(t, t.projects.write.claimDomain([PROJECT, domain], by(t.owner))), [
        { eventName: "DomainClaimed", projectId: PROJECT, domain },
      ]);
      assert.deepEqual(await t.projects.read.projectOf([PROJECT]), { ...before, domains: 2 });
      assert.equal(await t.projects.read.projectAt([domain, addressOf(t.owner)]), PROJECT);
      await t.projects.write.deploy([domain, cidOf("one")], by(t.owner));
      assert.equal((await t.projects.read.projectOf([PROJECT])).versions, 1);
    });

    it(`changes nothing when it claims ${kind} again`, async () => {
      const t = await load(withProject);
      const claim = () => t.projects.write.claimDomain([PROJECT, domain], by(t.owner));
      await claim();
      const before = await t.projects.read.projectOf([PROJECT]);
      assert.deepEqual(await eventsOf(t, claim()), []);
      assert.deepEqual(await t.projects.read.projectOf([PROJECT]), before);
    });
  }

  it("claims at most 32, the first included; a re-claim is no claim", async () => {
    const t = await load(withProject);
    const claim = (domain: string) => t.projects.write.claimDomain([PROJECT, domain], by(t.owner));
    for (let i = 1; i < 32; i++) await claim(i % 2 === 0 ? zoneName(`name-${i}`) : `name-${i}.example.org`);
    assert.equal((await t.projects.read.projectOf([PROJECT])).domains, 32);

    await refused(claim(NAME), t.projects, "TooManyDomains", [PROJECT]);
    await refused(claim(CUSTOM), t.projects, "TooManyDomains", [PROJECT]);
    assert.equal(await t.projects.read.projectAt([NAME, addressOf(t.owner)]), 0n);
    assert.deepEqual(await eventsOf(t, claim(zoneName("name-2"))), []);
    assert.deepEqual(await eventsOf(t, claim("name-1.example.org")), []);

    await t.projects.write.releaseDomain([PROJECT, "name-1.example.org"], by(t.owner));
    await claim(NAME);
    assert.equal((await t.projects.read.projectOf([PROJECT])).domains, 32);
  });

  it("refuses a name of someone else's project, and of another project of one's own", async () => {
    const t = await load(withProject);
    await t.projects.write.createProject([NAME, [1], DEFAULT_CAP], by(t.stranger));
    await t.projects.write.createProject([zoneName("third"), [1], DEFAULT_CAP], by(t.owner));
    await refused(t.projects.write.claimDomain([PROJECT, NAME], by(t.owner)), t.projects, "NameTaken", [
      addressOf(t.stranger),
    ]);
    await refused(t.projects.write.claimDomain([3n, DOMAIN], by(t.owner)), t.projects, "NameTaken", [
      addressOf(t.owner),
    ]);
  });

  it("lets several projects claim a domain outside the zone: the DNS decides", async () => {
    const t = await load(withProject);
    await t.projects.write.createProject([NAME, [4], DEFAULT_CAP], by(t.stranger));
    await t.projects.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    await t.projects.write.claimDomain([2n, CUSTOM], by(t.stranger));
    assert.equal((await resolve(t, CUSTOM, PROJECT))[0], PROJECT);
    assert.equal((await resolve(t, CUSTOM, 2n))[0], 2n);
    assert.equal(await t.projects.read.projectAt([CUSTOM, addressOf(t.owner)]), PROJECT);
    assert.equal(await t.projects.read.projectAt([CUSTOM, addressOf(t.stranger)]), 2n);
  });

  it("lets a new owner's deploy find a domain outside the zone, once claimed again", async () => {
    const t = await load(withProject);
    await t.projects.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    await handOver(t, PROJECT, t.owner, t.stranger);
    assert.equal(await t.projects.read.projectAt([CUSTOM, addressOf(t.stranger)]), 0n);
    assert.equal(await t.projects.read.projectAt([CUSTOM, addressOf(t.owner)]), 0n);
    assert.equal((await resolve(t, CUSTOM, PROJECT))[0], PROJECT);

    assert.deepEqual(await eventsOf(t, t.projects.write.claimDomain([PROJECT, CUSTOM], by(t.stranger))), []);
    await t.projects.write.deploy([CUSTOM, cidOf("one")], by(t.stranger));
    const { versions, domains } = await t.projects.read.projectOf([PROJECT]);
    assert.deepEqual({ versions, domains }, { versions: 1, domains: 2 });
    // the owner before gets a project of its own
    await t.projects.write.deploy([CUSTOM, cidOf("two")], by(t.owner));
    assert.equal(await t.projects.read.projectAt([CUSTOM, addressOf(t.owner)]), 2n);
  });

  it("says what is wrong with a domain", async () => {
    const t = await load(withProject);
    const claim = (domain: string) => t.projects.write.claimDomain([PROJECT, domain], by(t.owner));
    const { projects } = t;
    await refused(claim("ab"), projects, "DomainLength", ["ab", 2n]);
    await refused(claim("my_site.example.org"), projects, "DomainCharacter", ["my_site.example.org", 2n]);
    await refused(claim("-a.example.org"), projects, "DomainLabel", ["-a.example.org", 2n]);
    await refused(claim("192.168.0.1"), projects, "DomainTopLevel", ["192.168.0.1"]);
    await refused(claim(zoneName("a.b")), projects, "ZoneDepth", [zoneName("a.b")]);
    await refused(claim("worker3.localhost"), projects, "ZoneDepth", ["worker3.localhost"]);
    await refused(claim(zoneName("ab")), projects, "ZoneLabelLength", [zoneName("ab"), 2n]);
    await refused(claim(zoneName("xn--a")), projects, "ZonePunycode", [zoneName("xn--a")]);
    await refused(claim(zoneName("nodes")), projects, "NameReserved", [zoneName("nodes")]);
  });

  it("is the owner's alone, not a delegate's", async () => {
    const t = await load(withProject);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    for (const domain of [NAME, CUSTOM, DOMAIN]) {
      const call = t.projects.write.claimDomain([PROJECT, domain], by(t.stranger));
      await refused(call, t.projects, "NotProjectOwner", [
        PROJECT,
        addressOf(t.stranger),
        addressOf(t.owner),
      ]);
    }
  });

  it("refuses a project that is closed, or that does not exist", async () => {
    const t = await load(withProject);
    const claim = (projectId: bigint) => t.projects.write.claimDomain([projectId, NAME], by(t.owner));
    await refused(claim(UNKNOWN), t.projects, "UnknownProject", [UNKNOWN]);
    await t.projects.write.close([PROJECT], by(t.owner));
    await refused(claim(PROJECT), t.projects, "ProjectClosed", [PROJECT]);
  });

  it("goes on during a pause", async () => {
    const t = await load(withProject);
    await pauseProjects(t);
    await t.projects.write.claimDomain([PROJECT, NAME], by(t.owner));
    assert.equal((await t.projects.read.projectOf([PROJECT])).domains, 2);
  });
});
