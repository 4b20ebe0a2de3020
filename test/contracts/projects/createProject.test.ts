import assert from "node:assert/strict";
import { zeroAddress } from "viem";
import { networkHelpers } from "../support/network.ts";
import {
  addressOf,
  BASE,
  by,
  CAP,
  callAsAdmin,
  DOMAIN,
  eventsOf,
  fund,
  load,
  MAX_CAP,
  pauseProjects,
  REGION_1,
  REGION_3,
  refused,
  retireNode,
  setFull,
  setPresence,
  withProject,
} from "../support/projects.ts";
import {
  ALL_REGIONS,
  currentEpoch,
  FULL,
  moveToEpoch,
  registerNode,
  USD,
  zoneName,
} from "../support/scenario.ts";

const NAME = zoneName("fresh");

describe("ProjectRegistry.createProjectOn", () => {
  it("seats the nodes in their order, for the current epoch on", async () => {
    const t = await load(withProject);
    const nodeIds = [5, 2, 4, 1];
    const sent = t.projects.write.createProjectOn([NAME, nodeIds, 7_000], by(t.stranger));
    assert.deepEqual(await eventsOf(t, sent), [
      { eventName: "DomainClaimed", projectId: 2n, domain: NAME },
      { eventName: "ProjectCreated", projectId: 2n, owner: addressOf(t.stranger) },
      { eventName: "RefillSet", projectId: 2n, seats: 4, regionMask: 0, pinHome: true, isChosen: false },
      { eventName: "TermsSet", projectId: 2n, fromEpoch: t.epoch, cap: 7_000, nodeIds },
    ]);
    assert.deepEqual(await t.lens.read.projectOf([2n]), {
      owner: addressOf(t.stranger),
      pendingOwner: zeroAddress,
      meter: zeroAddress,
      versions: 0,
      active: 0,
      splitVersion: 0,
      splitBps: 0,
      domains: 1,
      closedFrom: 0,
      nodeIds,
      cap: 7_000,
      fromEpoch: t.epoch,
      seats: 4,
      regionMask: 0,
      pinHome: true,
      refillIsChosen: false,
    });
    assert.deepEqual(await t.projects.read.termsAt([2n, t.epoch]), [nodeIds, 7_000, t.epoch]);
    assert.deepEqual(await t.projects.read.termsAt([2n, t.epoch - 1]), [[], 0, 0]);
  });

  it("answers with the project, and counts up", async () => {
    const t = await load(withProject);
    const { result } = await t.projects.simulate.createProjectOn([NAME, [1], CAP], by(t.stranger));
    assert.equal(result, 2n);
    assert.equal(await t.projects.read.projectCount(), 1n);
  });

  it("lets nobody refill the seats: a stranger must not come to a tenant's data", async () => {
    const t = await load(withProject);
    await t.projects.write.createProjectOn([NAME, [4, 5], CAP], by(t.owner));
    await fund(t, 2n, 100n * USD);
    await retireNode(t, 5);
    const refill = () => t.projects.write.refill([2n], by(t.stranger));
    await refused(refill(), t.nodes, "RegionMaskOutOfRange", [0]);
    await t.projects.write.setRefill([2n, ALL_REGIONS, true], by(t.owner));
    await refill();
  });

  it("asks each node: one that is full, absent, dear or too poor for the cap takes no seat", async () => {
    const t = await load(withProject);
    const create = (nodeIds: number[], cap = CAP) =>
      t.projects.write.createProjectOn([NAME, nodeIds, cap], by(t.owner));
    await setFull(t, 4);
    await refused(create([1, 4]), t.nodes, "CapBelowLeast", [4, CAP, FULL]);
    await setPresence(t, 4, t.epoch + 2, CAP);
    await refused(create([1, 4], CAP - 1), t.nodes, "CapBelowLeast", [4, CAP - 1, CAP]);
    const poor = await registerNode(t, { stake: 1_200n * USD });
    await refused(create([1, poor], 10 * CAP + 1), t.nodes, "StakeTooSmallForCap", [
      poor,
      1_200n * USD,
      1_200n * USD + 120n,
    ]);
    await moveToEpoch(t, t.epoch + 3);
    await refused(create([1, 4]), t.nodes, "NodeAbsent", [4, t.epoch + 2]);
    await create([1, poor], 10 * CAP);
  });

  it("takes up to eight seats", async () => {
    const t = await load(withProject);
    const create = (nodeIds: number[]) => t.projects.write.createProjectOn([NAME, nodeIds, CAP], by(t.owner));
    await refused(create([]), t.projects, "SeatCountOutOfRange", [0n]);
    await refused(create([1, 2, 3, 4, 5, 6, 7, 8, 9]), t.projects, "SeatCountOutOfRange", [9n]);
  });

  it("refuses a node in two seats, wherever they are", async () => {
    const t = await load(withProject);
    const create = (nodeIds: number[]) => t.projects.write.createProjectOn([NAME, nodeIds, CAP], by(t.owner));
    await refused(create([1, 1]), t.projects, "NodeSeatedTwice", [1]);
    await refused(create([4, 1, 2, 3, 4]), t.projects, "NodeSeatedTwice", [4]);
    await refused(create([4, 1, 2, 5, 1, 2]), t.projects, "NodeSeatedTwice", [1]);
  });

  it("refuses a node that does not exist", async () => {
    const t = await load(withProject);
    const create = (nodeIds: number[]) => t.projects.write.createProjectOn([NAME, nodeIds, CAP], by(t.owner));
    await refused(create([1, 6]), t.nodes, "UnknownNode", [6]);
    await refused(create([0]), t.nodes, "UnknownNode", [0]);
    // node 1, if only 24 bits of the id were looked at
    await refused(create([2 ** 24 + 1]), t.nodes, "UnknownNode", [2 ** 24 + 1]);
  });

  it("refuses a node that retired", async () => {
    const t = await load(withProject);
    await retireNode(t, 2);
    const call = t.projects.write.createProjectOn([NAME, [1, 2], CAP], by(t.owner));
    await refused(call, t.nodes, "NodeRetired", [2, t.epoch + 1]);
  });

  it("takes a cap from the price of an empty receipt to the network's limit", async () => {
    const t = await load(withProject);
    const create = (label: string, cap: number) =>
      t.projects.write.createProjectOn([zoneName(label), [1], cap], by(t.owner));
    await refused(create("low", BASE - 1), t.projects, "CapOutOfBounds", [BASE - 1, BASE, MAX_CAP]);
    await refused(create("high", MAX_CAP + 1), t.projects, "CapOutOfBounds", [MAX_CAP + 1, BASE, MAX_CAP]);
    await create("low", BASE);
    await create("high", MAX_CAP);
    assert.equal((await t.lens.read.projectOf([2n])).cap, BASE);
    assert.equal((await t.lens.read.projectOf([3n])).cap, MAX_CAP);
  });

  it("measures the cap by the prices of the current epoch", async () => {
    const t = await load(withProject);
    const { parameters, settlement } = t;
    const from = t.epoch + 8;
    const prices = { ...parameters.prices, fromEpoch: from, base: BASE + 500 };
    const numbers = {
      ...prices,
      perMRequests: Number(prices.perMRequests),
      perMCpuMs: Number(prices.perMCpuMs),
      perGiB: Number(prices.perGiB),
      perGiBStored: Number(prices.perGiBStored),
    };
    await callAsAdmin(t, settlement.address, {
      abi: settlement.abi,
      functionName: "setPrices",
      args: [numbers],
    });

    const create = (label: string) =>
      t.projects.write.createProjectOn([zoneName(label), [1], BASE], by(t.owner));
    await moveToEpoch(t, from - 1);
    await create("before");
    await moveToEpoch(t, from);
    await refused(create("after"), t.projects, "CapOutOfBounds", [BASE, BASE + 500, MAX_CAP]);
  });

  it("refuses a name that is taken, whoever asks", async () => {
    const t = await load(withProject);
    for (const wallet of [t.owner, t.stranger]) {
      const call = t.projects.write.createProjectOn([DOMAIN, [1], CAP], by(wallet));
      await refused(call, t.names, "NameTaken", [addressOf(t.owner)]);
    }
  });

  it("refuses what is no domain", async () => {
    const t = await load(withProject);
    const call = t.projects.write.createProjectOn(["Example.org", [1], CAP], by(t.owner));
    await refused(call, t.names, "DomainHasWrongCharacter", ["Example.org", 0n]);
  });

  it("is paused with everything new", async () => {
    const t = await load(withProject);
    const until = await pauseProjects(t);
    const create = () => t.projects.write.createProjectOn([NAME, [1], CAP], by(t.owner));
    await refused(create(), t.projects, "Paused", [until]);
    await networkHelpers.time.increaseTo(until);
    await create();
  });
});

describe("ProjectRegistry.createProject", () => {
  it("draws from the masked regions only, and remembers them for refills", async () => {
    const t = await load(withProject);
    const sent = await t.projects.write.createProject([NAME, 4, REGION_3, 7_000], by(t.stranger));
    const { nodeIds, seats, regionMask, pinHome } = await t.lens.read.projectOf([2n]);
    assert.deepEqual(nodeIds.toSorted(), [1, 2, 3, 4]);
    assert.deepEqual({ seats, regionMask, pinHome }, { seats: 4, regionMask: REGION_3, pinHome: true });
    assert.deepEqual(await eventsOf(t, sent), [
      { eventName: "DomainClaimed", projectId: 2n, domain: NAME },
      { eventName: "ProjectCreated", projectId: 2n, owner: addressOf(t.stranger) },
      {
        eventName: "RefillSet",
        projectId: 2n,
        seats: 4,
        regionMask: REGION_3,
        pinHome: true,
        isChosen: false,
      },
      { eventName: "TermsSet", projectId: 2n, fromEpoch: t.epoch, cap: 7_000, nodeIds },
    ]);
  });

  it("keeps the number of seats that was asked for where fewer nodes were found", async () => {
    const t = await load(withProject);
    const { result } = await t.projects.simulate.createProject([NAME, 8, REGION_1, CAP], by(t.stranger));
    assert.equal(result, 2n);
    await t.projects.write.createProject([NAME, 8, REGION_1, CAP], by(t.stranger));
    const { nodeIds, seats } = await t.lens.read.projectOf([2n]);
    assert.deepEqual(nodeIds, [5]);
    assert.equal(seats, 8);
  });

  it("says nothing about refills that are as usual", async () => {
    const t = await load(withProject);
    const events = await eventsOf(
      t,
      t.projects.write.createProject([NAME, 3, ALL_REGIONS, CAP], by(t.stranger)),
    );
    assert.deepEqual(
      events.map(({ eventName }) => eventName),
      ["DomainClaimed", "ProjectCreated", "TermsSet"],
    );
    const { seats, regionMask } = await t.lens.read.projectOf([2n]);
    assert.deepEqual({ seats, regionMask }, { seats: 3, regionMask: ALL_REGIONS });
  });

  it("draws 1 to 8", async () => {
    const t = await load(withProject);
    const create = (count: number) =>
      t.projects.write.createProject([NAME, count, ALL_REGIONS, CAP], by(t.owner));
    await refused(create(0), t.projects, "SeatCountOutOfRange", [0n]);
    await refused(create(9), t.projects, "SeatCountOutOfRange", [9n]);
    await create(1);
    assert.equal((await t.lens.read.projectOf([2n])).nodeIds.length, 1);
  });

  it("refuses a mask without regions, or with some that do not exist", async () => {
    const t = await load(withProject);
    const create = (mask: number) => t.projects.write.createProject([NAME, 3, mask, CAP], by(t.owner));
    await refused(create(0), t.nodes, "RegionMaskOutOfRange", [0]);
    await refused(create(0x200), t.nodes, "RegionMaskOutOfRange", [0x200]);
    await refused(create(ALL_REGIONS | 0x8000), t.nodes, "RegionMaskOutOfRange", [ALL_REGIONS | 0x8000]);
  });

  it("refuses where no node takes projects", async () => {
    const t = await load(withProject);
    const create = () => t.projects.write.createProject([NAME, 1, REGION_1, CAP], by(t.owner));
    await refused(t.projects.write.createProject([NAME, 1, 1 << 8, CAP], by(t.owner)), t.nodes, "NoNodes", [
      1 << 8,
    ]);
    // a promise holds through its last epoch
    await setPresence(t, 5, (await currentEpoch(t)) + 2);
    await moveToEpoch(t, t.epoch + 3);
    await refused(create(), t.nodes, "NoNodes", [REGION_1]);
  });

  it("draws a node through the last epoch of its promise", async () => {
    const t = await load(withProject);
    await setPresence(t, 5, t.epoch + 2);
    await moveToEpoch(t, t.epoch + 2);
    await t.projects.write.createProject([NAME, 1, REGION_1, CAP], by(t.owner));
    assert.deepEqual((await t.lens.read.projectOf([2n])).nodeIds, [5]);
  });

  it("draws nodes that take the cap and have the stake for it, and no others", async () => {
    const t = await load(withProject);
    const create = (label: string, cap: number) =>
      t.projects.write.createProject([zoneName(label), 8, REGION_3, cap], by(t.owner));
    const poor = await registerNode(t, { region: 3, stake: 1_200n * USD });
    await setPresence(t, 1, t.epoch + 9, 5 * CAP);
    await setFull(t, 2);
    const seated = async (projectId: bigint) => (await t.lens.read.projectOf([projectId])).nodeIds.toSorted();
    await create("cheap", 5 * CAP - 1);
    await create("dearer", 5 * CAP);
    await create("dear", 10 * CAP);
    await create("dearest", 10 * CAP + 1);
    assert.deepEqual(
      [await seated(2n), await seated(3n), await seated(4n), await seated(5n)],
      [
        [3, 4, poor],
        [1, 3, 4, poor],
        [1, 3, 4, poor],
        [1, 3, 4],
      ],
    );
  });

  it("refuses caps, names and pauses as with named nodes", async () => {
    const t = await load(withProject);
    const create = (domain: string, cap: number) =>
      t.projects.write.createProject([domain, 3, ALL_REGIONS, cap], by(t.stranger));
    await refused(create(NAME, BASE - 1), t.projects, "CapOutOfBounds", [BASE - 1, BASE, MAX_CAP]);
    await refused(create(NAME, MAX_CAP + 1), t.projects, "CapOutOfBounds", [MAX_CAP + 1, BASE, MAX_CAP]);
    await refused(create(DOMAIN, BASE), t.names, "NameTaken", [addressOf(t.owner)]);
    await refused(create("localhost", BASE), t.names, "DomainHasNoTopLevel", ["localhost"]);
    const until = await pauseProjects(t);
    await refused(create(NAME, BASE), t.projects, "Paused", [until]);
  });
});
