import assert from "node:assert/strict";
import { countUsage, decideGuilty, disputeCounted, slashNode } from "../support/dispute.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  assertions,
  createProject,
  currentEpoch,
  fundWallet,
  nextEpoch,
  registerNode,
  submitUsage,
  USD,
  zoneName,
} from "../support/scenario.ts";
import { slashAsSettlement } from "../support/slash.ts";

const STAKE = 1_500n * USD;
const MAX_SLASH = 200n * USD;

async function withNode() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { stake: STAKE });
  const projectId = await createProject(t, { nodeIds: [nodeId], cap: 2n * USD });
  await nextEpoch(t);
  return { ...t, nodeId, projectId };
}
type WithNode = Awaited<ReturnType<typeof withNode>>;

const request = (t: WithNode, amount: bigint) =>
  t.nodes.write.requestUnstake([t.nodeId, amount], { account: t.nodeOwner1.account });

/** CPU time of a receipt that costs 2.00: one decision over it may take up to 205.00. */
const CPU_MS = 100_000_000n;

/** One decision against the node. */
const decided = (t: WithNode, slash: bigint) =>
  slashNode(t, { nodeId: t.nodeId, projectId: t.projectId, cpuMs: CPU_MS, slash });

describe("NodeRegistry.slash", () => {
  it("takes stake by a decision, and the escrow fetches it: nothing stays allowed", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const counted = await countUsage(t, { nodeId: t.nodeId, projectId: t.projectId, cpuMs: CPU_MS });
    await disputeCounted(t, counted);
    const escrowed = await t.usd.read.balanceOf([t.escrow.address]);
    await assertions.emitWithArgs(decideGuilty(t, counted, MAX_SLASH), t.nodes, "Slashed", [
      t.nodeId,
      MAX_SLASH,
      STAKE - MAX_SLASH,
      0n,
    ]);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).stake, STAKE - MAX_SLASH);
    assert.equal(await t.usd.read.balanceOf([t.nodes.address]), STAKE - MAX_SLASH);
    assert.equal(await t.usd.read.balanceOf([t.escrow.address]), escrowed + MAX_SLASH);
    assert.equal(await t.usd.read.allowance([t.nodes.address, t.escrow.address]), 0n);
  });

  it("takes what does not thaw first", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, STAKE - 50n * USD);
    const { hash } = await decided(t, 40n * USD);
    await assertions.emitWithArgs(Promise.resolve(hash), t.nodes, "Slashed", [
      t.nodeId,
      40n * USD,
      STAKE - 40n * USD,
      STAKE - 50n * USD,
    ]);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).thawing, STAKE - 50n * USD);
  });

  it("retires a node of which less than minStake stays without what thaws", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, 500n * USD);
    await decided(t, MAX_SLASH);
    const node = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([node.stake, node.thawing], [1_300n * USD, 500n * USD]);
    assert.deepEqual([node.retiredFrom, node.isLiftable], [(await currentEpoch(t)) + 2, true]);
  });

  it("reaches what thaws: no request outruns a dispute", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, STAKE - 50n * USD);
    const { hash } = await decided(t, MAX_SLASH);
    const left = STAKE - MAX_SLASH;
    await assertions.emitWithArgs(Promise.resolve(hash), t.nodes, "Slashed", [
      t.nodeId,
      MAX_SLASH,
      left,
      left,
    ]);
    const node = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([node.stake, node.thawing], [left, left]);
  });

  it("takes no more than there is, also where stake left between two slashes of an epoch", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, STAKE - 50n * USD);
    await nextEpoch(t, 20);
    await slashAsSettlement(t, t.nodeId, 1n); // 300 may go in this epoch
    await t.nodes.write.withdrawStake([t.nodeId], { account: t.nodeOwner1.account });
    const { stake, slashLeft } = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([stake, slashLeft], [50n * USD - 1n, 300n * USD - 1n]);
    await assertions.emitWithArgs(slashAsSettlement(t, t.nodeId, 60n * USD), t.nodes, "Slashed", [
      t.nodeId,
      stake,
      0n,
      0n,
    ]);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).stake, 0n);
  });

  it("keeps a node that keeps the least stake", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, 400n * USD);
    await decided(t, 100n * USD);
    const { retiredFrom, isLiftable } = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([retiredFrom, isLiftable], [0, false]);
    assert.equal(await t.nodes.read.poolSize([3]), 1n);
  });

  it("retires a node that keeps one unit less", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, 400n * USD);
    const { hash } = await decided(t, 100n * USD + 1n);
    const epoch = await currentEpoch(t);
    await assertions.emitWithArgs(Promise.resolve(hash), t.nodes, "Retired", [t.nodeId, epoch + 2, true]);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).retiredFrom, epoch + 2);
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
  });

  it("is the settlement's alone: no owner, no arbiter, no role takes a stake", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    for (const { account } of t.wallets) {
      await assertions.revertWithCustomErrorWithArgs(
        t.nodes.write.slash([t.nodeId, 1n, account.address], { account }),
        t.nodes,
        "NotSettlement",
        [account.address],
      );
    }
  });

  it("knows no node that was not registered", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    // What only the settlement may ask; it never asks for a node without a counted receipt.
    await networkHelpers.impersonateAccount(t.settlement.address);
    await networkHelpers.setBalance(t.settlement.address, 10n ** 18n);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.slash([7, 1n, t.escrow.address], { account: t.settlement.address }),
      t.nodes,
      "UnknownNode",
      [7],
    );
  });
});

const RECEIPTS = 16;
/** The most that one decision takes. */
const EACH = 200n * USD;

/** A node of somebody who did nothing, and an accomplice of the arbiter with 16 projects on it, one receipt each. */
async function withAccomplice(options: { stake: bigint; cpuMs: bigint; cap: bigint }) {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { stake: options.stake });
  const projectIds: bigint[] = [];
  for (let i = 0; i < RECEIPTS; i++) {
    const domain = zoneName(`accomplice-${i}`);
    const owner = t.stranger;
    projectIds.push(
      await createProject(t, { owner, domain, nodeIds: [nodeId], cap: options.cap, credit: 10n * USD }),
    );
  }
  const epoch = await nextEpoch(t);
  await nextEpoch(t);
  const receipts = projectIds.map((projectId) => ({ projectId, cpuMs: options.cpuMs }));
  const { statements, lines } = await submitUsage(t, { nodeId, epoch, receipts });
  await fundWallet(t, t.stranger, 1_000n * USD);
  for (let i = 0n; i < RECEIPTS; i++) {
    await t.settlement.write.dispute([nodeId, epoch, statements, lines, i, EACH, "it did not answer"], {
      account: t.stranger.account,
    });
  }
  await nextEpoch(t);
  return { ...t, nodeId, projectIds, epoch };
}
const withCheapReceipts = () => withAccomplice({ stake: 12_000n * USD, cpuMs: 0n, cap: USD / 1_000n });
const withDearReceipts = () => withAccomplice({ stake: 3_000n * USD, cpuMs: CPU_MS, cap: 2n * USD });
type WithAccomplice = Awaited<ReturnType<typeof withAccomplice>>;

/** All guilty, in one epoch, each with the most that a decision takes. */
async function decideAll(t: WithAccomplice): Promise<void> {
  const before = await currentEpoch(t);
  for (const projectId of t.projectIds) {
    await t.settlement.write.decide([projectId, t.nodeId, t.epoch, true, EACH, EACH], {
      account: t.arbiter.account,
    });
  }
  assert.equal(await currentEpoch(t), before, "the decisions went into another epoch");
}

describe("The slashes of one epoch", () => {
  it("take little where little was at stake: an arbiter and an accomplice with 16 receipts of 0.001", async () => {
    const t = await networkHelpers.loadFixture(withCheapReceipts);
    await decideAll(t);
    // A hundred times 0.001 and 5.00 each, instead of 200.00 each.
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).stake, 12_000n * USD - 16n * 5_100_000n);
  });

  it("take a fifth of the stake together, whatever the arbiter decides and for however many receipts", async () => {
    const t = await networkHelpers.loadFixture(withDearReceipts);
    await decideAll(t); // 16 times 200
    const node = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([node.stake, node.slashLeft, node.retiredFrom], [2_400n * USD, 0n, 0]);
  });

  it("let what is decided after them stand: the credit comes back, and nothing of the stake goes", async () => {
    const t = await networkHelpers.loadFixture(withDearReceipts);
    const { projectIds, nodeId, epoch } = t;
    await slashAsSettlement(t, nodeId, 600n * USD);
    const [projectId = 0n] = projectIds;
    const before = await t.escrow.read.accountOf([projectId]);
    const decision = t.settlement.write.decide([projectId, nodeId, epoch, true, EACH, EACH], {
      account: t.arbiter.account,
    });
    await assertions.emitWithArgs(decision, t.settlement, "Decided", [
      projectId,
      nodeId,
      epoch,
      true,
      0n,
      0n,
    ]);
    assert.equal((await t.escrow.read.accountOf([projectId])).balance, before.balance + 2n * USD);
    assert.equal((await t.nodes.read.nodeOf([nodeId])).stake, 2_400n * USD);
  });

  it("are bounded by the stake at the first of them, not by what is left or added since", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const left = async () => (await t.nodes.read.nodeOf([t.nodeId])).slashLeft;
    assert.equal(await left(), 300n * USD);
    await slashAsSettlement(t, t.nodeId, 100n * USD);
    assert.equal(await left(), 200n * USD);
    await fundWallet(t, t.stranger, 10_000n * USD);
    await t.nodes.write.addStake([t.nodeId, 10_000n * USD], { account: t.stranger.account });
    assert.equal(await left(), 200n * USD);
    await assertions.emitWithArgs(slashAsSettlement(t, t.nodeId, 201n * USD), t.nodes, "Slashed", [
      t.nodeId,
      200n * USD,
      11_200n * USD,
      0n,
    ]);
    assert.equal(await left(), 0n);
  });

  it("leave the next epoch its own share", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    let stake = STAKE;
    for (let i = 0; i < 5; i++) {
      await nextEpoch(t);
      await slashAsSettlement(t, t.nodeId, STAKE);
      await slashAsSettlement(t, t.nodeId, 1n);
      stake -= stake / 5n;
      assert.equal((await t.nodes.read.nodeOf([t.nodeId])).stake, stake);
    }
  });

  it("count what thaws as stake: a request of all does not make them fewer", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await request(t, STAKE);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).slashLeft, 300n * USD);
    await slashAsSettlement(t, t.nodeId, STAKE);
    const { stake, thawing } = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([stake, thawing], [1_200n * USD, 1_200n * USD]);
  });
});
