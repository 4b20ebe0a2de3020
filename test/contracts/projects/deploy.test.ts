import assert from "node:assert/strict";
import { zeroAddress } from "viem";
import { networkHelpers } from "../support/network.ts";
import {
  addressOf,
  BASE,
  by,
  DEFAULT_CAP,
  DOMAIN,
  eventsOf,
  fund,
  handOver,
  load,
  PROJECT,
  pauseProjects,
  refused,
  setFull,
  withProject,
} from "../support/projects.ts";
import {
  ALL_REGIONS,
  cidOf,
  fundWallet,
  nextEpoch,
  registerNode,
  USD,
  zoneName,
} from "../support/scenario.ts";

const NAME = zoneName("fresh");
const CUSTOM = "www.example.org";

describe("ProjectRegistry.deploy", () => {
  it("creates a project with three drawn nodes, the default cap and version 1 live", async () => {
    const t = await load(withProject);
    const sent = await t.projects.write.deploy([NAME, cidOf("one")], by(t.stranger));

    const project = await t.lens.read.projectOf([2n]);
    const { nodeIds, ...rest } = project;
    assert.deepEqual(rest, {
      owner: addressOf(t.stranger),
      pendingOwner: zeroAddress,
      meter: zeroAddress,
      versions: 1,
      active: 1,
      splitVersion: 0,
      splitBps: 0,
      domains: 1,
      closedFrom: 0,
      cap: DEFAULT_CAP,
      fromEpoch: t.epoch,
      seats: 3,
      regionMask: ALL_REGIONS,
      pinHome: true,
      refillIsChosen: false,
    });
    assert.equal(new Set(nodeIds).size, 3);
    assert.ok(nodeIds.every((nodeId) => nodeId >= 1 && nodeId <= 5));
    assert.deepEqual(await eventsOf(t, sent), [
      { eventName: "DomainClaimed", projectId: 2n, domain: NAME },
      { eventName: "ProjectCreated", projectId: 2n, owner: addressOf(t.stranger) },
      { eventName: "TermsSet", projectId: 2n, fromEpoch: t.epoch, cap: DEFAULT_CAP, nodeIds },
      { eventName: "VersionAdded", projectId: 2n, version: 1, cid: cidOf("one"), live: true },
    ]);
    assert.equal(await t.projects.read.projectCount(), 2n);
    assert.equal(await t.projects.read.defaultCap(), DEFAULT_CAP);
  });

  it("answers with the project and the version", async () => {
    const t = await load(withProject);
    const first = await t.projects.simulate.deploy([NAME, cidOf("one")], by(t.stranger));
    assert.deepEqual(first.result, [2n, 1]);
    await t.projects.write.deploy([DOMAIN, cidOf("one")], by(t.owner));
    const second = await t.projects.simulate.deploy([DOMAIN, cidOf("two")], by(t.owner));
    assert.deepEqual(second.result, [PROJECT, 2]);
  });

  it("draws other nodes for other projects", async () => {
    const t = await load(withProject);
    const homes = new Set<number | undefined>();
    for (let i = 0; i < 12; i++) {
      await t.projects.write.deploy([zoneName(`fresh-${i}`), cidOf("one")], by(t.stranger));
      homes.add((await t.lens.read.projectOf([BigInt(i) + 2n])).nodeIds[0]);
    }
    assert.ok(homes.size > 1, "twelve draws gave the same home");
  });

  it("adds the owner's next version, live, and nothing else", async () => {
    const t = await load(withProject);
    await t.projects.write.deploy([DOMAIN, cidOf("one")], by(t.owner));
    const before = await t.lens.read.projectOf([PROJECT]);
    await nextEpoch(t);
    assert.deepEqual(await eventsOf(t, t.projects.write.deploy([DOMAIN, cidOf("two")], by(t.owner))), [
      { eventName: "VersionAdded", projectId: PROJECT, version: 2, cid: cidOf("two"), live: true },
    ]);
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), { ...before, versions: 2, active: 2 });
    assert.equal(await t.projects.read.projectCount(), 1n);
  });

  it("ends a split", async () => {
    const t = await load(withProject);
    await t.projects.write.deploy([DOMAIN, cidOf("one")], by(t.owner));
    await t.projects.write.addVersion([PROJECT, cidOf("two"), false], by(t.owner));
    await t.projects.write.split([PROJECT, 2, 500], by(t.owner));
    await t.projects.write.deploy([DOMAIN, cidOf("three")], by(t.owner));
    const { active, splitVersion, splitBps } = await t.lens.read.projectOf([PROJECT]);
    assert.deepEqual({ active, splitVersion, splitBps }, { active: 3, splitVersion: 0, splitBps: 0 });
  });

  it("is the owner's alone: a delegate adds versions by the project's id", async () => {
    const t = await load(withProject);
    for (const rights of [1, 2, 3]) {
      await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), rights], by(t.owner));
      const call = t.projects.write.deploy([DOMAIN, cidOf("one")], by(t.stranger));
      await refused(call, t.names, "NameTaken", [addressOf(t.owner)]);
    }
    await t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.stranger));
  });

  it("sends nobody's version and deposit to a stranger who took the name first", async () => {
    const t = await load(withProject);
    const [attacker, victim] = [t.stranger, t.owner];
    // What a front-runner puts before the victim's transaction.
    await t.projects.write.createProjectOn([NAME, [1], BASE], by(attacker));
    await t.projects.write.setDelegate([2n, addressOf(victim), 1], by(attacker));

    const taken = [addressOf(attacker)] as const;
    const deploy = t.projects.write.deploy([NAME, cidOf("one")], by(victim));
    await refused(deploy, t.names, "NameTaken", [...taken]);
    await fundWallet(t, victim, USD);
    const deposit = t.escrow.write.depositAt([NAME, addressOf(victim), USD], by(victim));
    await refused(deposit, t.names, "NameTaken", [...taken]);
    const view = t.names.read.projectAt([NAME, addressOf(victim)]);
    await refused(view, t.names, "NameTaken", [...taken]);
    assert.equal((await t.lens.read.projectOf([2n])).versions, 0);
    assert.equal((await t.escrow.read.accountOf([2n])).balance, 0n);
  });

  it("goes where depositAt of the same owner goes", async () => {
    const t = await load(withProject);
    await fundWallet(t, t.owner, 10n * USD);
    const depositAt = (domain: string) =>
      t.escrow.write.depositAt([domain, addressOf(t.owner), USD], by(t.owner));
    for (const domain of [NAME, CUSTOM]) {
      await refused(depositAt(domain), t.escrow, "NothingDeployedAt", [domain, addressOf(t.owner)]);
      await t.projects.write.deploy([domain, cidOf("one")], by(t.owner));
      await depositAt(domain);
      const projectId = await t.names.read.projectAt([domain, addressOf(t.owner)]);
      assert.equal((await t.escrow.read.accountOf([projectId])).balance, USD);
    }
  });

  it("needs credit for three seats of the default cap, 0.05 each", async () => {
    const t = await load(withProject);
    await t.projects.write.deploy([NAME, cidOf("one")], by(t.owner));
    assert.equal(await t.projects.read.budgetAt([2n, t.epoch]), 150_000n);
  });

  it("creates a delegate's own project at a domain outside the zone", async () => {
    const t = await load(withProject);
    await t.names.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 1], by(t.owner));
    await t.projects.write.deploy([CUSTOM, cidOf("one")], by(t.stranger));
    assert.equal(await t.projects.read.ownerOf([2n]), addressOf(t.stranger));
    assert.equal((await t.lens.read.projectOf([PROJECT])).versions, 0);
  });

  it("gives each caller a project of its own at a domain outside the zone", async () => {
    const t = await load(withProject);
    for (const wallet of [t.owner, t.stranger, t.owner, t.stranger]) {
      await t.projects.write.deploy([CUSTOM, cidOf(`by ${addressOf(wallet)}`)], by(wallet));
    }
    assert.equal(await t.projects.read.projectCount(), 3n);
    for (const [projectId, wallet] of [
      [2n, t.owner],
      [3n, t.stranger],
    ] as const) {
      const { owner, versions, domains } = await t.lens.read.projectOf([projectId]);
      assert.deepEqual({ owner, versions, domains }, { owner: addressOf(wallet), versions: 2, domains: 1 });
    }
  });

  it("refuses a name of someone else and says whose it is", async () => {
    const t = await load(withProject);
    const call = () => t.projects.write.deploy([DOMAIN, cidOf("one")], by(t.stranger));
    await refused(call(), t.names, "NameTaken", [addressOf(t.owner)]);
    await handOver(t, PROJECT, t.owner, t.operator2);
    await refused(call(), t.names, "NameTaken", [addressOf(t.operator2)]);
  });

  it("takes fewer nodes where fewer take projects, and leaves the third seat to a refill", async () => {
    const t = await load(withProject);
    for (const nodeId of [1, 3, 4]) await setFull(t, nodeId);
    await t.projects.write.deploy([NAME, cidOf("one")], by(t.stranger));
    await fund(t, 2n, USD);
    const { nodeIds, seats } = await t.lens.read.projectOf([2n]);
    assert.deepEqual(nodeIds.toSorted(), [2, 5]);
    assert.equal(seats, 3);

    const nodeId = await registerNode(t);
    await t.projects.write.refill([2n], by(t.operator2));
    assert.deepEqual((await t.lens.read.projectOf([2n])).nodeIds, [...nodeIds, nodeId]);
  });

  it("refuses when no node takes projects", async () => {
    const t = await load(withProject);
    for (const nodeId of [1, 2, 3, 4, 5]) await setFull(t, nodeId);
    const call = t.projects.write.deploy([NAME, cidOf("one")], by(t.stranger));
    await refused(call, t.nodes, "NoNodes", [ALL_REGIONS]);
    // a version of a project that stands needs no draw
    await t.projects.write.deploy([DOMAIN, cidOf("one")], by(t.owner));
  });

  it("says what is wrong with a name, also when no node takes projects", async () => {
    const t = await load(withProject);
    await t.names.write.releaseDomain([PROJECT, DOMAIN], by(t.owner));
    for (const nodeId of [1, 2, 3, 4, 5]) await setFull(t, nodeId);
    const resting = [DOMAIN, t.epoch + 30] as const;
    await refused(t.projects.write.deploy([DOMAIN, cidOf("one")], by(t.stranger)), t.names, "NameResting", [
      ...resting,
    ]);
    await refused(
      t.projects.write.createProject([DOMAIN, 3, ALL_REGIONS, DEFAULT_CAP], by(t.stranger)),
      t.names,
      "NameResting",
      [...resting],
    );
    await refused(
      t.projects.write.deploy([zoneName("admin"), cidOf("one")], by(t.stranger)),
      t.names,
      "NameIsReserved",
      [zoneName("admin")],
    );
  });

  it("refuses what is no CID or no domain", async () => {
    const t = await load(withProject);
    const cid = cidOf("one");
    await refused(
      t.projects.write.deploy([NAME, cid.slice(1)], by(t.owner)),
      t.projects,
      "CidHasWrongLength",
      [cid.slice(1), 58n],
    );
    await refused(t.projects.write.deploy(["localhost", cid], by(t.owner)), t.names, "DomainHasNoTopLevel", [
      "localhost",
    ]);
    await refused(
      t.projects.write.deploy([`deep.${NAME}`, cid], by(t.owner)),
      t.names,
      "NotOneLabelBelowZone",
      [`deep.${NAME}`],
    );
  });

  it("is paused with everything new", async () => {
    const t = await load(withProject);
    const until = await pauseProjects(t);
    await refused(t.projects.write.deploy([NAME, cidOf("one")], by(t.stranger)), t.projects, "Paused", [
      until,
    ]);
    await refused(t.projects.write.deploy([DOMAIN, cidOf("one")], by(t.owner)), t.projects, "Paused", [
      until,
    ]);
    await networkHelpers.time.increaseTo(until);
    await t.projects.write.deploy([DOMAIN, cidOf("one")], by(t.owner));
  });

  it("goes to the project that last claimed the domain for its owner", async () => {
    const t = await load(withProject);
    await t.projects.write.createProjectOn([zoneName("second"), [4], DEFAULT_CAP], by(t.owner));
    await t.names.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    await t.names.write.claimDomain([2n, CUSTOM], by(t.owner));
    await t.projects.write.deploy([CUSTOM, cidOf("one")], by(t.owner));
    assert.equal((await t.lens.read.projectOf([2n])).versions, 1);
    await t.names.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
    await t.projects.write.deploy([CUSTOM, cidOf("one")], by(t.owner));
    assert.equal((await t.lens.read.projectOf([PROJECT])).versions, 1);
    assert.equal(await t.projects.read.projectCount(), 2n);
  });
});
