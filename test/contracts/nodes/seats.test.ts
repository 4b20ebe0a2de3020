import assert from "node:assert/strict";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  assertions,
  cidOf,
  createProject,
  currentEpoch,
  FULL,
  nextEpoch,
  registerNode,
  termsOf,
  USD,
  zoneName,
} from "../support/scenario.ts";
import { slashAsSettlement } from "../support/slash.ts";

const CAP = 10 * Number(USD);
/** What a seat of `CAP` needs, 120 times as much, and all that a node here has: more than the least stake. */
const STAKE = 1_200n * USD;
const REGION = 1 << 3;
const PROJECT = 1n;

/** Nodes 1 to 4 in region 3; project 1 of the owner on nodes 1 and 2, in the first second of an epoch. */
async function withSeats() {
  const t = await deployNetwork();
  for (let i = 0; i < 4; i++) await registerNode(t, { stake: STAKE });
  await createProject(t, { nodeIds: [1, 2], cap: BigInt(CAP) });
  const epoch = await nextEpoch(t);
  return { ...t, epoch };
}
type WithSeats = Awaited<ReturnType<typeof withSeats>>;

const load = () => networkHelpers.loadFixture(withSeats);
const owner = (t: WithSeats) => ({ account: t.owner.account });
const nodeOwner = (t: WithSeats) => ({ account: t.nodeOwner1.account });
const say = (t: WithSeats, nodeId: number, until: number, leastCap: number) =>
  t.nodes.write.setPresence([nodeId, until, leastCap], nodeOwner(t));
/** So much of the node's stake does not count for seats any more. */
const thaw = (t: WithSeats, nodeId: number, amount: bigint) =>
  t.nodes.write.requestUnstake([nodeId, amount], nodeOwner(t));
const nextSeats = async (t: WithSeats, projectId = PROJECT) =>
  (await t.projects.read.termsAt([projectId, (await currentEpoch(t)) + 1]))[0];

const onNamed = (t: WithSeats, label: string, nodeIds: number[], cap = CAP) =>
  t.projects.write.createProjectOn([zoneName(label), nodeIds, cap], owner(t));
const onDrawn = (t: WithSeats, label: string, cap: number) =>
  t.projects.write.createProject([zoneName(label), 8, REGION, cap], owner(t));
const setReplicas = (t: WithSeats, nodeIds: number[]) =>
  t.projects.write.setReplicas([PROJECT, nodeIds], owner(t));
const grow = (t: WithSeats, cap: number, nodeIds: number[]) =>
  t.projects.write.grow([PROJECT, cap, nodeIds], owner(t));
const setBudget = (t: WithSeats, cap: number) => t.projects.write.setBudget([PROJECT, cap], owner(t));

/** Every call that gives a seat to a node by its name. */
const BY_NAME: Readonly<Record<string, (t: WithSeats, nodeId: number) => Promise<unknown>>> = {
  createProjectOn: (t, nodeId) => onNamed(t, "named", [3, nodeId]),
  setReplicas: (t, nodeId) => setReplicas(t, [1, 2, nodeId]),
  grow: (t, nodeId) => grow(t, CAP, [nodeId]),
};

for (const [name, seat] of Object.entries(BY_NAME)) {
  describe(`A seat that ${name} gives by name`, () => {
    it("goes to a node that is present, takes that cap and has just the stake for it", async () => {
      const t = await load();
      await say(t, 4, t.epoch, CAP);
      await seat(t, 4);
      assert.ok((await nextSeats(t, await t.projects.read.projectCount())).includes(4));
    });

    it("is not for a node that does not say that it lives", async () => {
      const t = await load();
      await say(t, 4, t.epoch, 0);
      await nextEpoch(t);
      await assertions.revertWithCustomErrorWithArgs(seat(t, 4), t.nodes, "NodeAbsent", [4, t.epoch]);
      const silent = await registerNode(t, { stake: STAKE, present: false });
      await assertions.revertWithCustomErrorWithArgs(seat(t, silent), t.nodes, "NodeAbsent", [silent, 0]);
    });

    it("is not for a node that takes no cap so low, nor for a full one", async () => {
      const t = await load();
      for (const leastCap of [CAP + 1, FULL - 1, FULL]) {
        await say(t, 4, t.epoch + 3, leastCap);
        await assertions.revertWithCustomErrorWithArgs(seat(t, 4), t.nodes, "CapBelowLeast", [
          4,
          CAP,
          leastCap,
        ]);
      }
    });

    it("is not for a node whose stake is one unit short, because it thaws or was slashed", async () => {
      const t = await load();
      const short = STAKE - 1n;
      await thaw(t, 4, 1n);
      await assertions.revertWithCustomErrorWithArgs(seat(t, 4), t.nodes, "StakeTooSmallForCap", [
        4,
        short,
        STAKE,
      ]);
      await t.nodes.write.cancelUnstake([4], nodeOwner(t));
      await slashAsSettlement(t, 4, 1n);
      await assertions.revertWithCustomErrorWithArgs(seat(t, 4), t.nodes, "StakeTooSmallForCap", [
        4,
        short,
        STAKE,
      ]);
    });

    it("is not for a node that retired, nor for one that there is not", async () => {
      const t = await load();
      await thaw(t, 4, STAKE);
      await assertions.revertWithCustomErrorWithArgs(seat(t, 4), t.nodes, "NodeRetired", [4, t.epoch + 1]);
      await assertions.revertWithCustomErrorWithArgs(seat(t, 99), t.nodes, "UnknownNode", [99]);
    });
  });
}

describe("A seat that is kept", () => {
  it("asks nothing of its node, which may be full, absent, or short of stake by now", async () => {
    const t = await load();
    await say(t, 1, t.epoch + 9, FULL);
    await say(t, 2, t.epoch, 0);
    await thaw(t, 2, 1n);
    await nextEpoch(t);
    await setReplicas(t, [2, 1]);
    assert.deepEqual(await nextSeats(t), [2, 1]);
    await setReplicas(t, [1, 2, 3]); // and lets the next one in
    await grow(t, CAP, []); // the cap that it has
    await setBudget(t, CAP - 1);
    assert.deepEqual(await nextSeats(t), [1, 2, 3]);
  });

  it("is kept in its project alone: to another one, the same nodes say no", async () => {
    const t = await load();
    await say(t, 1, t.epoch + 9, FULL);
    await thaw(t, 2, 1n);
    await assertions.revertWithCustomErrorWithArgs(onNamed(t, "other", [1]), t.nodes, "CapBelowLeast", [
      1,
      CAP,
      FULL,
    ]);
    await assertions.revertWithCustomErrorWithArgs(onNamed(t, "other", [2]), t.nodes, "StakeTooSmallForCap", [
      2,
      STAKE - 1n,
      STAKE,
    ]);
  });

  it("is one of the newest terms, also where those count from the next epoch only", async () => {
    const t = await load();
    await setReplicas(t, [1, 2, 4]);
    await say(t, 4, t.epoch + 9, FULL);
    await setReplicas(t, [4, 1]);
    assert.deepEqual(await nextSeats(t), [4, 1]);
  });

  it("is no more when the node left: nobody brings it back against its will", async () => {
    const t = await load();
    await say(t, 2, t.epoch + 9, FULL);
    await t.projects.write.leaveSeats([[PROJECT], 2], nodeOwner(t));
    await assertions.revertWithCustomErrorWithArgs(setReplicas(t, [1, 2]), t.nodes, "CapBelowLeast", [
      2,
      CAP,
      FULL,
    ]);
    await say(t, 2, t.epoch + 9, 0);
    await setReplicas(t, [1, 2]);
  });

  it("is not for a node that retired for good", async () => {
    const t = await load();
    await thaw(t, 2, STAKE);
    await assertions.revertWithCustomErrorWithArgs(setReplicas(t, [1, 2]), t.nodes, "NodeRetired", [
      2,
      t.epoch + 1,
    ]);
  });
});

describe("A drawn seat", () => {
  it("goes to nodes alone that are present, take that cap and have the stake for it", async () => {
    const t = await load();
    await say(t, 1, t.epoch + 9, FULL);
    await say(t, 2, t.epoch + 9, CAP + 1);
    await thaw(t, 3, 1n);
    await onDrawn(t, "drawn", CAP);
    assert.deepEqual(await nextSeats(t, 2n), [4]);
    await onDrawn(t, "dearer", CAP - 1);
    assert.deepEqual(new Set(await nextSeats(t, 3n)), new Set([3, 4]));
  });

  it("of deploy needs 120 times the default cap", async () => {
    const t = await load();
    for (const nodeId of [1, 2, 3]) await say(t, nodeId, t.epoch + 9, Number(t.parameters.defaultCap) + 1);
    await say(t, 4, t.epoch + 9, Number(t.parameters.defaultCap));
    await t.projects.write.deploy([zoneName("deployed"), cidOf("x")], owner(t));
    assert.deepEqual(await nextSeats(t, 2n), [4]);
    await say(t, 4, t.epoch + 9, Number(t.parameters.defaultCap) + 1);
    await assertions.revertWithCustomErrorWithArgs(
      t.projects.write.deploy([zoneName("refused"), cidOf("x")], owner(t)),
      t.nodes,
      "NoNodes",
      [0x1ff],
    );
  });

  it("of assignReplicas is one of the project's cap", async () => {
    const t = await load();
    await say(t, 3, t.epoch + 9, CAP + 1);
    await say(t, 2, t.epoch + 9, FULL);
    await t.projects.write.assignReplicas([PROJECT, 8, REGION], owner(t));
    assert.deepEqual(await nextSeats(t), [1, 4]);
  });
});

describe("A cap that grows", () => {
  it("needs the stake for it at every node that has a seat", async () => {
    const t = await load();
    const more = CAP + 1;
    for (const change of [() => setBudget(t, more), () => grow(t, more, [])]) {
      await assertions.revertWithCustomErrorWithArgs(change(), t.nodes, "StakeTooSmallForCap", [
        1,
        STAKE,
        STAKE + 120n,
      ]);
    }
    const { account } = t.nodeOwner1;
    await t.usd.write.mint([account.address, 1_000n]);
    for (const nodeId of [1, 2]) await t.nodes.write.addStake([nodeId, 120n], { account });
    await grow(t, more, []);
    await setBudget(t, more);
    assert.equal((await t.projects.read.termsAt([PROJECT, t.epoch]))[1], more);
  });

  it("asks nothing where it stays or falls", async () => {
    const t = await load();
    await thaw(t, 1, 100n * USD);
    await grow(t, CAP, []);
    await setBudget(t, CAP);
    await setBudget(t, CAP - 1);
  });

  it("passes over a node that retired for good, and not one that may come back", async () => {
    const t = await load();
    await thaw(t, 1, STAKE);
    await thaw(t, 2, 200n * USD);
    await slashAsSettlement(t, 2, 1n);
    const rest = 1_000n * USD - 1n;
    assert.deepEqual((await t.nodes.read.nodeOf([2])).isLiftable, true);
    await assertions.revertWithCustomErrorWithArgs(setBudget(t, CAP + 1), t.nodes, "StakeTooSmallForCap", [
      2,
      rest,
      STAKE + 120n,
    ]);
    // What it has left carries smaller seats as before.
    const seats = [0, 1, 2];
    await t.nodes.read.requireStakeFor([termsOf(seats, Number(rest / 120n))]);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.read.requireStakeFor([termsOf(seats, Number(rest / 120n) + 1)]),
      t.nodes,
      "StakeTooSmallForCap",
      [2, rest, (rest / 120n + 1n) * 120n],
    );
    await nextEpoch(t, 2);
    await setBudget(t, CAP + 1); // now nobody serves: neither comes back
  });
});

describe("A seat that may be refilled", () => {
  const refill = (t: WithSeats) => t.projects.write.refill([PROJECT], { account: t.stranger.account });
  const vacant = (t: WithSeats) => t.nodes.read.vacantSeats([termsOf([1, 2, 0, 3], CAP)]);

  /** Nodes 1 and 2 as in `withSeats`; refills may come from everywhere. */
  async function refillable() {
    const t = await withSeats();
    await t.projects.write.setRefill([PROJECT, 0x1ff, true], owner(t));
    return t;
  }
  const loadRefillable = () => networkHelpers.loadFixture(refillable);

  it("is one whose node's stake is too small for the cap by now", async () => {
    const t = await loadRefillable();
    assert.equal(await vacant(t), 0n);
    await assertions.revertWithCustomErrorWithArgs(refill(t), t.projects, "NothingToRefill", [PROJECT]);
    await thaw(t, 2, 1n);
    assert.equal(await vacant(t), 0b10n);
    await refill(t);
    const [home, other] = await nextSeats(t);
    assert.equal(home, 1);
    assert.ok(other === 3 || other === 4, `node ${other}`);
  });

  it("is one whose node has been absent for two whole epochs, whatever it said last", async () => {
    for (const leastCap of [0, FULL]) {
      const t = await loadRefillable();
      await say(t, 2, t.epoch, leastCap);
      await nextEpoch(t, 2);
      assert.equal(await vacant(t), 0n);
      await assertions.revertWithCustomErrorWithArgs(refill(t), t.projects, "NothingToRefill", [PROJECT]);
      await nextEpoch(t);
      assert.equal(await vacant(t), 0b10n);
      await refill(t);
      assert.ok(!(await nextSeats(t)).includes(2));
    }
  });

  it("is not one whose node is full: it lives", async () => {
    const t = await loadRefillable();
    await say(t, 2, t.epoch + 30, FULL);
    await nextEpoch(t, 30);
    assert.equal(await vacant(t), 0n);
    await assertions.revertWithCustomErrorWithArgs(refill(t), t.projects, "NothingToRefill", [PROJECT]);
  });

  it("is one whose node retires with this epoch", async () => {
    const t = await loadRefillable();
    await thaw(t, 2, STAKE);
    assert.equal(await vacant(t), 0b10n);
    await refill(t);
    assert.ok(!(await nextSeats(t)).includes(2));
  });

  it("goes to no node that is full, absent, or short of stake", async () => {
    const t = await loadRefillable();
    await thaw(t, 2, 1n);
    await say(t, 3, t.epoch + 9, FULL);
    await thaw(t, 4, 1n);
    await assertions.revertWithCustomErrorWithArgs(refill(t), t.nodes, "NoNodes", [0x1ff]);
    await t.nodes.write.cancelUnstake([4], nodeOwner(t));
    await refill(t);
    assert.deepEqual(await nextSeats(t), [1, 4]);
  });
});
