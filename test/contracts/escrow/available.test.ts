import assert from "node:assert/strict";
import { maxUint256 } from "viem";
import { startOf } from "../support/clock.ts";
import { disputeCounted, slashNode } from "../support/dispute.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  createProject,
  currentEpoch,
  fundWallet,
  moveToEpoch,
  nextEpoch,
  registerNode,
  signBatch,
  submitBatch,
  submitUsage,
  USD,
  type Wallet,
} from "../support/scenario.ts";

const CREDIT = 100n * USD;
const CAP = 2n * USD;

/** A project with three seats of 2 USD, in the epoch of its creation. */
async function withProject() {
  const t = await deployNetwork();
  const nodeIds = [
    await registerNode(t),
    await registerNode(t, { operator: t.operator2.account.address }),
    await registerNode(t),
  ] as const;
  await nextEpoch(t);
  const projectId = await createProject(t, { nodeIds: [...nodeIds], cap: CAP, credit: CREDIT });
  return { ...t, nodeIds, projectId, created: await currentEpoch(t) };
}
type WithProject = Awaited<ReturnType<typeof withProject>>;

const available = (t: WithProject) => t.escrow.read.available([t.projectId]);
const submit = (
  t: WithProject,
  nodeId: number,
  epoch: number,
  requests = 0n,
  operator: Wallet = t.operator1,
) => submitUsage(t, { nodeId, epoch, receipts: [{ projectId: t.projectId, requests }], operator });

describe("CreditEscrow.available", () => {
  it("reserves the cap for every seat of the last four epochs, and nothing for this one", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const after = [];
    for (let epoch = t.created; epoch <= t.created + 6; epoch++) {
      if (epoch > t.created) await moveToEpoch(t, epoch);
      after.push((CREDIT - (await available(t))) / CAP);
    }
    assert.deepEqual(after, [0n, 3n, 6n, 9n, 12n, 12n, 12n]);
  });

  it("changes with the epoch, in its first second", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await networkHelpers.time.increaseTo(startOf(t, t.created + 1) - 1);
    assert.equal(await available(t), CREDIT);
    await moveToEpoch(t, t.created + 1);
    assert.equal(await available(t), CREDIT - 3n * CAP);
  });

  it("reserves nothing for what is counted: that is charged already", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const [first, second] = t.nodeIds;
    await moveToEpoch(t, t.created + 2);
    await submit(t, first, t.created);
    assert.equal(await available(t), CREDIT - 1_000n - 5n * CAP);
    await submit(t, second, t.created + 1, 0n, t.operator2);
    assert.equal(await available(t), CREDIT - 2_000n - 4n * CAP);
    await submit(t, first, t.created + 1, 10n ** 12n); // as much as the cap lets it charge
    assert.equal(await available(t), CREDIT - 2_000n - CAP - 3n * CAP);
  });

  it("still reserves for a receipt that found too little credit: it may come again", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const [first, second] = t.nodeIds;
    const poor = await createProject(t, { nodeIds: [first, second], cap: CAP, credit: 1_500n });
    const epoch = await currentEpoch(t);
    await nextEpoch(t);
    await submitUsage(t, { nodeId: first, epoch, receipts: [{ projectId: poor }] });
    // The other project's receipt is there so that the batch counts.
    const receipts = [{ projectId: poor }, { projectId: t.projectId }];
    await submitUsage(t, { nodeId: second, epoch, receipts, operator: t.operator2 });
    await fundWallet(t, t.owner, 10n * CAP);
    await t.escrow.write.deposit([poor, 10n * CAP], { account: t.owner.account });
    assert.equal(await t.escrow.read.available([poor]), 500n + 10n * CAP - CAP);

    await submitUsage(t, { nodeId: second, epoch, receipts: [{ projectId: poor }], operator: t.operator2 });
    assert.equal(await t.escrow.read.available([poor]), 500n + 10n * CAP - 1_000n);
  });

  it("leaves out what thaws, and counts it again when the request is taken back", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const { account } = t.owner;
    await moveToEpoch(t, t.created + 1);
    await t.escrow.write.requestWithdraw([t.projectId, 60n * USD], { account });
    assert.equal(await available(t), CREDIT - 60n * USD - 3n * CAP);
    await t.escrow.write.cancelWithdraw([t.projectId], { account });
    assert.equal(await available(t), CREDIT - 3n * CAP);
  });

  it("is never below nothing", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const { account } = t.owner;
    await t.escrow.write.requestWithdraw([t.projectId, CREDIT - 6n * CAP], { account });
    for (const [epoch, left] of [
      [t.created + 1, 3n * CAP],
      [t.created + 2, 0n],
      [t.created + 3, 0n],
    ] as const) {
      await moveToEpoch(t, epoch);
      assert.equal(await available(t), left);
    }
    await t.escrow.write.requestWithdraw([t.projectId, CREDIT], { account });
    assert.equal(await available(t), 0n);
  });

  it("reserves by the terms of each epoch: a lower budget counts from its own epoch on", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const { account } = t.owner;
    await t.projects.write.setBudget([t.projectId, Number(USD)], { account });
    await moveToEpoch(t, t.created + 1);
    assert.equal(await available(t), CREDIT - 3n * CAP);
    await t.projects.write.setReplicas([t.projectId, [t.nodeIds[0]]], { account });
    await moveToEpoch(t, t.created + 2);
    assert.equal(await available(t), CREDIT - 3n * CAP - 3n * USD);
    await moveToEpoch(t, t.created + 3);
    assert.equal(await available(t), CREDIT - 3n * CAP - 3n * USD - USD);
    await moveToEpoch(t, t.created + 5);
    assert.equal(await available(t), CREDIT - 3n * USD - 3n * USD);
  });

  it("reserves nothing for the seat of a node in an epoch in which it was retired: no receipt can come", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const [first, second] = t.nodeIds;
    const retire = async (nodeId: number) => {
      const { stake, owner } = await t.nodes.read.nodeOf([nodeId]);
      await t.nodes.write.requestUnstake([nodeId, stake], { account: owner });
    };
    await moveToEpoch(t, t.created + 1);
    await retire(first);
    assert.equal(await available(t), CREDIT - 3n * CAP);
    // Retired from the next epoch on: of this one its receipt may come still.
    await moveToEpoch(t, t.created + 2);
    assert.equal(await available(t), CREDIT - 6n * CAP);
    await retire(second);
    await moveToEpoch(t, t.created + 3);
    assert.equal(await available(t), CREDIT - 8n * CAP);
    await moveToEpoch(t, t.created + 4);
    assert.equal(await available(t), CREDIT - 9n * CAP);
    await moveToEpoch(t, t.created + 6);
    assert.equal(await available(t), CREDIT - (2n + 1n + 1n + 1n) * CAP);
  });

  it("reserves for a node that a slash would have retired, once its stake was added to in time", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const nodeId = await registerNode(t, { stake: 1_000n * USD });
    const projectId = await createProject(t, { nodeIds: [nodeId], cap: CAP, credit: CREDIT });
    await slashNode(t, { nodeId, projectId, slash: 1n });
    assert.notEqual((await t.nodes.read.nodeOf([nodeId])).retiredFrom, 0);
    await fundWallet(t, t.stranger, 1n);
    await t.nodes.write.addStake([nodeId, 1n], { account: t.stranger.account });
    const epoch = await nextEpoch(t, 4);
    assert.equal(await t.escrow.read.available([projectId]), CREDIT - 4n * CAP, `in epoch ${epoch}`);
  });

  it("gets back what a decision gives back, and nothing is reserved for it again", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const [nodeId] = t.nodeIds;
    await slashNode(t, { nodeId, projectId: t.projectId, slash: 0n });
    assert.equal(await available(t), CREDIT - 2n * CAP);
  });

  it("does not change when a charge is disputed", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const [nodeId] = t.nodeIds;
    await moveToEpoch(t, t.created + 1);
    const { statements, lines } = await submit(t, nodeId, t.created);
    const before = await available(t);
    const { projectId, created: epoch } = t;
    await disputeCounted(t, { nodeId, projectId, epoch, statements, lines, amount: 1_000n });
    assert.equal(await available(t), before);
  });

  it("covers every receipt that may still come: what is available can be spent on top of them all", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await moveToEpoch(t, t.created + 4);
    await t.escrow.write.requestWithdraw([t.projectId, await available(t)], { account: t.owner.account });
    for (let epoch = t.created; epoch < t.created + 4; epoch++) {
      for (const nodeId of t.nodeIds) {
        const operator = nodeId === t.nodeIds[1] ? t.operator2 : t.operator1;
        const receipts = [{ projectId: t.projectId, requests: 10n ** 12n }];
        await submitBatch(t, await signBatch(t, { nodeId, epoch, receipts, operator }));
      }
    }
    const { balance, thawing } = await t.escrow.read.accountOf([t.projectId]);
    assert.deepEqual([balance, thawing], [CREDIT - 12n * CAP, CREDIT - 12n * CAP]);
    assert.equal(await available(t), 0n);
  });

  it("is nothing for a project that is not there", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    assert.equal(await t.escrow.read.available([99n]), 0n);
  });
});

describe("CreditEscrow.runway", () => {
  const runway = (t: WithProject) => t.escrow.read.runway([t.projectId]);

  it("is how many whole budgets are available, in epochs and in seconds", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    assert.deepEqual(await runway(t), [16n, 320n]); // 100 / 6
    await moveToEpoch(t, t.created + 1);
    assert.deepEqual(await runway(t), [15n, 300n]); // 94 / 6
    await t.escrow.write.requestWithdraw([t.projectId, 88n * USD + 1n], { account: t.owner.account });
    assert.deepEqual(await runway(t), [0n, 0n]);
  });

  it("goes by the larger of this epoch's budget and the next", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const { account } = t.owner;
    await t.projects.write.setBudget([t.projectId, 4_000_000], { account });
    assert.deepEqual(await runway(t), [8n, 160n]); // 100 / 12 already
    await moveToEpoch(t, t.created + 1);
    await t.projects.write.setBudget([t.projectId, 1_000_000], { account });
    assert.deepEqual(await runway(t), [7n, 140n]); // 94 / 12 still
    await moveToEpoch(t, t.created + 2);
    assert.deepEqual(await runway(t), [27n, 540n]); // (94 - 12) / 3
  });

  it("leaves out seats of nodes that are retired, now or from the next epoch on", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const { stake, owner } = await t.nodes.read.nodeOf([t.nodeIds[0]]);
    await t.nodes.write.requestUnstake([t.nodeIds[0], stake], { account: owner });
    assert.deepEqual(await runway(t), [16n, 320n]); // 100 / 6: it serves in this epoch still
    await moveToEpoch(t, t.created + 1);
    assert.deepEqual(await runway(t), [23n, 460n]); // 94 / 4
  });

  it("has no end for a project that is charged nothing", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await t.projects.write.close([t.projectId], { account: t.owner.account });
    assert.deepEqual(await runway(t), [16n, 320n]);
    await moveToEpoch(t, t.created + 1);
    assert.deepEqual(await runway(t), [maxUint256, maxUint256]);
  });
});
