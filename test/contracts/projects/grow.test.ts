import assert from "node:assert/strict";
import {
  addressOf,
  BASE,
  by,
  CAP,
  callAsAdmin,
  DEFAULT_CAP,
  eventsOf,
  fund,
  load,
  MAX_CAP,
  PROJECT,
  type ProjectNetwork,
  pastTermsOf,
  pauseProjects,
  refused,
  retireNode,
  setFull,
  setPresence,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import {
  createProject,
  FULL,
  lineAmount,
  moveToEpoch,
  nextEpoch,
  registerNode,
  submitUsage,
  USD,
  zoneName,
} from "../support/scenario.ts";

/** Project 1 with credit for many epochs. */
async function withCredit() {
  const t = await withProject();
  await fund(t, PROJECT, 2_000n * USD);
  return t;
}

const grow = (t: ProjectNetwork, cap: number, nodeIds: number[] = [], projectId = PROJECT) =>
  t.projects.write.grow([projectId, cap, nodeIds], by(t.owner));

/** Seats and cap of an epoch. */
async function termsAt(t: ProjectNetwork, epoch: number, projectId = PROJECT) {
  const [nodeIds, cap, fromEpoch] = await t.projects.read.termsAt([projectId, epoch]);
  return { nodeIds, cap, fromEpoch };
}

describe("ProjectRegistry.grow", () => {
  it("gives a higher cap and nodes from the current epoch on; earlier epochs keep their word", async () => {
    const t = await load(withCredit);
    const before = await t.lens.read.projectOf([PROJECT]);
    const sent = grow(t, 2 * CAP, [4]);
    const grown = { nodeIds: [1, 2, 3, 4], cap: 2 * CAP, fromEpoch: t.epoch };
    assert.deepEqual(await eventsOf(t, sent), [
      { eventName: "TermsSet", projectId: PROJECT, ...grown },
      { eventName: "RefillSet", projectId: PROJECT, seats: 4, regionMask: 0, pinHome: true, isChosen: false },
    ]);
    assert.deepEqual(await t.lens.read.projectOf([PROJECT]), { ...before, ...grown, seats: 4 });
    const { fromEpoch } = before;
    assert.deepEqual(await termsAt(t, t.epoch - 1), { nodeIds: [1, 2, 3], cap: CAP, fromEpoch });
    for (const epoch of [t.epoch, t.epoch + 1]) assert.deepEqual(await termsAt(t, epoch), grown);
    assert.equal(await t.projects.read.budgetAt([PROJECT, t.epoch]), 8n * USD);
    assert.equal(await t.projects.read.budgetAt([PROJECT, t.epoch - 1]), 3n * USD);
  });

  it("lets the new node charge for the epoch in which it came, and every seat up to the new cap", async () => {
    const t = await load(withCredit);
    await grow(t, 2 * CAP, [4]);
    await nextEpoch(t);
    const charge = async (nodeId: number) => {
      const receipts = [{ projectId: PROJECT, cpuMs: 10n ** 12n }];
      return lineAmount((await submitUsage(t, { nodeId, epoch: t.epoch, receipts })).lines);
    };
    assert.equal(await charge(4), 2n * USD);
    assert.equal(await charge(1), 2n * USD);
  });

  it("takes a cap that is not lower, and asks for its bounds only where it changes", async () => {
    const t = await load(withCredit);
    await refused(grow(t, CAP - 1), t.projects, "CapWouldShrink", [CAP - 1, CAP]);
    await refused(grow(t, 0, [4]), t.projects, "CapWouldShrink", [0, CAP]);
    await refused(grow(t, MAX_CAP + 1), t.projects, "CapOutOfBounds", [MAX_CAP + 1, BASE, MAX_CAP]);

    const call = { abi: t.projects.abi, functionName: "setMaxCap", args: [DEFAULT_CAP] };
    await callAsAdmin(t, t.projects.address, call);
    await refused(grow(t, CAP + 1), t.projects, "CapOutOfBounds", [CAP + 1, BASE, DEFAULT_CAP]);
    await grow(t, CAP, [4]);
    assert.deepEqual((await t.lens.read.projectOf([PROJECT])).nodeIds, [1, 2, 3, 4]);
  });

  it("measures a new cap by the prices of the current epoch", async () => {
    const t = await load(withCredit);
    const from = t.epoch + 8;
    const { prices } = t.parameters;
    const list = {
      ...prices,
      fromEpoch: from,
      base: 5_000,
      perMRequests: Number(prices.perMRequests),
      perMCpuMs: Number(prices.perMCpuMs),
      perGiB: Number(prices.perGiB),
    };
    await callAsAdmin(t, t.settlement.address, {
      abi: t.settlement.abi,
      functionName: "setPrices",
      args: [list],
    });
    const projectId = await createProject(t, { nodeIds: [2], cap: BigInt(BASE) });
    await moveToEpoch(t, from - 1);
    await grow(t, 3_000, [], projectId);
    await moveToEpoch(t, from);
    await refused(grow(t, 3_001, [], projectId), t.projects, "CapOutOfBounds", [3_001, 5_000, MAX_CAP]);
    // What stands may stay below a price that rose.
    await grow(t, 3_000, [4], projectId);
    await grow(t, 5_000, [], projectId);
  });

  it("fills empty seats in order, and never the home", async () => {
    const t = await load(withCredit);
    for (const nodeId of [1, 2]) await t.projects.write.leaveSeats([[PROJECT], nodeId], by(t.nodeOwner1));
    await nextEpoch(t);
    await grow(t, CAP, [4, 5]);
    assert.deepEqual(await termsAt(t, t.epoch + 1), {
      nodeIds: [0, 4, 3, 5],
      cap: CAP,
      fromEpoch: t.epoch + 1,
    });
    assert.equal((await t.lens.read.projectOf([PROJECT])).seats, 4);
  });

  it("seats nobody twice, and no more than there is room for", async () => {
    const t = await load(withCredit);
    for (let i = 6; i <= 9; i++) await registerNode(t);
    await refused(grow(t, CAP, [2]), t.projects, "NodeSeatedTwice", [2]);
    await refused(grow(t, CAP, [4, 4]), t.projects, "NodeSeatedTwice", [4]);
    await refused(grow(t, CAP, [4, 1]), t.projects, "NodeSeatedTwice", [1]);
    await refused(grow(t, CAP, [4, 5, 6, 7, 8, 9]), t.projects, "NoEmptySeat", [PROJECT, 6n]);
    await grow(t, CAP, [9, 8, 7, 6, 5]);
    assert.deepEqual((await t.lens.read.projectOf([PROJECT])).nodeIds, [1, 2, 3, 9, 8, 7, 6, 5]);
    await refused(grow(t, CAP, [4]), t.projects, "NoEmptySeat", [PROJECT, 1n]);
  });

  it("needs what may be counted on for the cap of every seat that can charge", async () => {
    const t = await load(withProject);
    await nextEpoch(t, 6);
    // Four epochs may still be submitted: 3 seats of 1.00 each.
    await fund(t, PROJECT, 12n * USD + 4n * USD - 1n);
    const needed = [PROJECT, 4n * USD - 1n, 4n * USD] as const;
    await refused(grow(t, CAP, [4]), t.projects, "TooLittleAvailable", [...needed]);
    await fund(t, PROJECT, 1n);
    await t.escrow.write.requestWithdraw([PROJECT, 1n], by(t.owner));
    await refused(grow(t, CAP, [4]), t.projects, "TooLittleAvailable", [...needed]);
    await t.escrow.write.cancelWithdraw([PROJECT], by(t.owner));
    await grow(t, CAP, [4]);
    await refused(grow(t, CAP + 1), t.projects, "TooLittleAvailable", [
      PROJECT,
      4n * USD,
      4n * BigInt(CAP + 1),
    ]);
  });

  it("needs nothing for the seat of a node that is retired", async () => {
    const t = await load(withProject);
    await retireNode(t, 3);
    await nextEpoch(t, 6);
    // Two seats of the last four epochs, and two and the new one of this.
    await fund(t, PROJECT, 8n * USD + 3n * USD);
    await grow(t, CAP, [4]);
    assert.deepEqual((await t.lens.read.projectOf([PROJECT])).nodeIds, [1, 2, 3, 4]);
  });

  it("asks each new node: it is present, takes the cap, has the stake and does not retire", async () => {
    const t = await load(withCredit);
    await refused(grow(t, CAP, [6]), t.nodes, "UnknownNode", [6]);
    await refused(grow(t, CAP, [0]), t.nodes, "UnknownNode", [0]);
    await refused(grow(t, CAP, [2 ** 24 + 4]), t.nodes, "UnknownNode", [2 ** 24 + 4]);
    await setFull(t, 4);
    await refused(grow(t, CAP, [4]), t.nodes, "CapBelowLeast", [4, CAP, FULL]);
    await setPresence(t, 4, t.epoch + 2, CAP + 1);
    await refused(grow(t, CAP, [4]), t.nodes, "CapBelowLeast", [4, CAP, CAP + 1]);
    const poor = await registerNode(t, { stake: 1_200n * USD });
    const tooPoor = [poor, 1_200n * USD, 1_200n * USD + 120n] as const;
    await refused(grow(t, 10 * CAP + 1, [poor]), t.nodes, "StakeTooSmallForCap", [...tooPoor]);
    await retireNode(t, 5);
    await refused(grow(t, CAP, [5]), t.nodes, "NodeRetired", [5, t.epoch + 1]);
    await grow(t, CAP + 1, [4, poor]);
    await moveToEpoch(t, t.epoch + 3);
    await t.projects.write.setReplicas([PROJECT, [1]], by(t.owner));
    await nextEpoch(t);
    await refused(grow(t, CAP + 1, [4]), t.nodes, "NodeAbsent", [4, t.epoch + 2]);
    // A higher cap asks those that sit here for their stake, and for nothing else.
    await setFull(t, 1);
    await grow(t, 20 * CAP);
  });

  it("needs the stake for a higher cap at every node that sits in the current terms", async () => {
    const t = await load(withCredit);
    const poor = await registerNode(t, { stake: 1_200n * USD });
    await grow(t, CAP, [poor]);
    await t.projects.write.setReplicas([PROJECT, [1]], by(t.owner));
    const tooPoor = [poor, 1_200n * USD, 1_200n * USD + 120n] as const;
    await refused(grow(t, 10 * CAP + 1), t.nodes, "StakeTooSmallForCap", [...tooPoor]);
    await nextEpoch(t);
    await grow(t, 10 * CAP + 1);
  });

  it("asks a node with a seat in the next terms for no new promise", async () => {
    const t = await load(withCredit);
    await t.projects.write.setReplicas([PROJECT, [1, 4]], by(t.owner));
    await setFull(t, 4);
    await grow(t, CAP, [4]);
    assert.deepEqual((await termsAt(t, t.epoch)).nodeIds, [1, 2, 3, 4]);
    assert.deepEqual((await termsAt(t, t.epoch + 1)).nodeIds, [1, 4]);
  });

  it("gives terms that are set for the next epoch the same, where they leave room", async () => {
    const t = await load(withCredit);
    for (let i = 6; i <= 7; i++) await registerNode(t);
    await t.projects.write.setReplicas([PROJECT, [2, 5, 6, 3]], by(t.owner));
    await t.projects.write.setBudget([PROJECT, CAP / 2], by(t.owner));
    const { fromEpoch } = await termsAt(t, t.epoch);
    const sent = grow(t, 3 * CAP, [4, 7]);
    const [current, next] = [
      { nodeIds: [1, 2, 3, 4, 7], cap: 3 * CAP, fromEpoch: t.epoch },
      // Seat 3 is taken there, seat 4 is empty.
      { nodeIds: [2, 5, 6, 3, 7], cap: 3 * CAP, fromEpoch: t.epoch + 1 },
    ];
    assert.deepEqual(await eventsOf(t, sent), [
      { eventName: "TermsSet", projectId: PROJECT, ...current },
      { eventName: "TermsSet", projectId: PROJECT, ...next },
      { eventName: "RefillSet", projectId: PROJECT, seats: 5, regionMask: 0, pinHome: true, isChosen: false },
    ]);
    assert.deepEqual(
      [await termsAt(t, t.epoch - 1), await termsAt(t, t.epoch), await termsAt(t, t.epoch + 1)],
      [{ nodeIds: [1, 2, 3], cap: CAP, fromEpoch }, current, next],
    );
    assert.equal(await pastTermsOf(t, PROJECT), 2);
  });

  it("leaves a higher cap of the next epoch, for which a new node needs the stake too", async () => {
    const t = await load(withCredit);
    const [poor, rich] = [await registerNode(t, { stake: 1_200n * USD }), await registerNode(t)];
    await t.projects.write.setBudget([PROJECT, 20 * CAP], by(t.owner));
    const tooPoor = [poor, 1_200n * USD, 2_400n * USD] as const;
    await refused(grow(t, 2 * CAP, [rich, poor]), t.nodes, "StakeTooSmallForCap", [...tooPoor]);
    await grow(t, 2 * CAP, [rich]);
    const [current, next] = [await termsAt(t, t.epoch), await termsAt(t, t.epoch + 1)];
    assert.deepEqual([current.cap, current.nodeIds], [2 * CAP, [1, 2, 3, rich]]);
    assert.deepEqual([next.cap, next.nodeIds], [20 * CAP, [1, 2, 3, rich]]);
  });

  it("does not ask a seat that the next terms keep for stake, unless their cap grows", async () => {
    const t = await load(withCredit);
    const poor = await registerNode(t, { stake: 1_200n * USD });
    await t.projects.write.setReplicas([PROJECT, [1, poor]], by(t.owner));
    await t.projects.write.setBudget([PROJECT, 10 * CAP], by(t.owner));
    await t.nodes.write.requestUnstake([poor, 200n * USD], by(t.nodeOwner1));
    await grow(t, 9 * CAP, [4]);
    assert.deepEqual((await termsAt(t, t.epoch + 1)).nodeIds, [1, poor, 0, 4]);
    const tooPoor = [poor, 1_000n * USD, 1_200n * USD + 120n] as const;
    await refused(grow(t, 10 * CAP + 1), t.nodes, "StakeTooSmallForCap", [...tooPoor]);
  });

  it("seats no node twice in the next terms", async () => {
    const t = await load(withCredit);
    await t.projects.write.setReplicas([PROJECT, [4, 2]], by(t.owner));
    await grow(t, CAP, [4]);
    assert.deepEqual((await termsAt(t, t.epoch)).nodeIds, [1, 2, 3, 4]);
    assert.deepEqual((await termsAt(t, t.epoch + 1)).nodeIds, [4, 2]);
  });

  it("keeps one word an epoch, however often it is called", async () => {
    const t = await load(withCredit);
    await grow(t, 2 * CAP);
    await grow(t, 3 * CAP, [4]);
    await refused(grow(t, 2 * CAP), t.projects, "CapWouldShrink", [2 * CAP, 3 * CAP]);
    assert.equal(await pastTermsOf(t, PROJECT), 1);
    await t.projects.write.setReplicas([PROJECT, [1]], by(t.owner));
    await grow(t, 4 * CAP, [5]);
    await t.projects.write.setBudget([PROJECT, BASE], by(t.owner));
    assert.equal(await pastTermsOf(t, PROJECT), 2);
    const all = [];
    for (const epoch of [t.epoch - 1, t.epoch, t.epoch + 1]) {
      const { nodeIds, cap } = await termsAt(t, epoch);
      all.push([nodeIds, cap]);
    }
    assert.deepEqual(all, [
      [[1, 2, 3], CAP],
      [[1, 2, 3, 4, 5], 4 * CAP],
      [[1, 0, 0, 0, 5], BASE],
    ]);
  });

  it("grows the first terms in their own epoch, which have nothing before them", async () => {
    const t = await load(withCredit);
    const projectId = await createProject(t, { nodeIds: [2], credit: 100n * USD });
    await grow(t, 2 * CAP, [4], projectId);
    assert.equal(await pastTermsOf(t, projectId), 0);
    await t.projects.write.setReplicas([projectId, [3]], by(t.owner));
    await grow(t, 3 * CAP, [5], projectId);
    assert.equal(await pastTermsOf(t, projectId), 1);
    const terms = [];
    for (const epoch of [t.epoch - 1, t.epoch, t.epoch + 1]) terms.push(await termsAt(t, epoch, projectId));
    assert.deepEqual(terms, [
      { nodeIds: [], cap: 0, fromEpoch: 0 },
      { nodeIds: [2, 4, 5], cap: 3 * CAP, fromEpoch: t.epoch },
      { nodeIds: [3, 0, 5], cap: 3 * CAP, fromEpoch: t.epoch + 1 },
    ]);
  });

  it("lets refill keep as many seats as there are then, and leaves the number where none came", async () => {
    const t = await load(withCredit);
    const seats = async () => (await t.lens.read.projectOf([PROJECT])).seats;
    await t.projects.write.setReplicas([PROJECT, [1]], by(t.owner));
    assert.equal(await seats(), 1);
    // The current terms have three seats; refill keeps those of the next.
    await grow(t, 2 * CAP);
    assert.equal(await seats(), 1);
    await t.projects.write.createProject([zoneName("drawn"), 2, 0x1ff, CAP], by(t.owner));
    await fund(t, 2n, 100n * USD);
    const sitting = (await t.lens.read.projectOf([2n])).nodeIds;
    const free = [1, 2, 3, 4, 5].filter((nodeId) => !sitting.includes(nodeId));
    await grow(t, CAP, free.slice(0, 2), 2n);
    const project = await t.lens.read.projectOf([2n]);
    assert.deepEqual([project.seats, project.regionMask, project.nodeIds.length], [4, 0x1ff, 4]);
  });

  it("is the owner's alone", async () => {
    const t = await load(withCredit);
    await t.projects.write.setDelegate([PROJECT, addressOf(t.stranger), 3], by(t.owner));
    const call = t.projects.write.grow([PROJECT, 2 * CAP, [4]], by(t.stranger));
    await refused(call, t.projects, "NotProjectOwner", [PROJECT, addressOf(t.stranger), addressOf(t.owner)]);
  });

  it("refuses a project that is closed, or that does not exist", async () => {
    const t = await load(withCredit);
    await refused(grow(t, CAP, [], UNKNOWN), t.projects, "UnknownProject", [UNKNOWN]);
    await t.projects.write.close([PROJECT], by(t.owner));
    await refused(grow(t, CAP), t.projects, "ProjectClosed", [PROJECT]);
  });

  it("goes on during a pause", async () => {
    const t = await load(withCredit);
    await pauseProjects(t);
    await grow(t, CAP, [4]);
    assert.deepEqual((await t.lens.read.projectOf([PROJECT])).nodeIds, [1, 2, 3, 4]);
  });
});
