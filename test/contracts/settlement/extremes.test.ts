import assert from "node:assert/strict";
import { countUsage, disputeCounted } from "../support/dispute.ts";
import { withAsset } from "../support/hostile.ts";
import { deployNetwork, networkHelpers, viem } from "../support/network.ts";
import { callAsAdmin } from "../support/projects.ts";
import {
  addressOf,
  assertions,
  createProject,
  currentEpoch,
  fundWallet,
  moveToEpoch,
  type Network,
  nextEpoch,
  registerNode,
  USD,
} from "../support/scenario.ts";
import { MOST_USAGE } from "../support/settlement.ts";

const MOST_MIN_BOND = 1_000n * USD;
const MOST_MAX_SLASH = 100_000n * USD;
/** The largest cap that terms hold: 1,099,511.627775 USD. */
const MOST_CAP = 2n ** 40n - 1n;

async function withNode() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { stake: 250_000n * USD });
  await nextEpoch(t);
  const projectId = await createProject(t, { nodeIds: [nodeId] });
  return { ...t, nodeId, projectId };
}
type WithNode = Awaited<ReturnType<typeof withNode>>;
const load = () => networkHelpers.loadFixture(withNode);

/** As little else bounds a decision as may be: 1,000 times the amount, and all of the least bond. */
const setParameters = (t: Network, minBond: bigint, maxSlash: bigint) =>
  callAsAdmin(t, t.settlement.address, {
    abi: t.settlement.abi,
    functionName: "setParameters",
    args: [
      {
        minBond,
        maxSlash,
        slashFloor: minBond,
        slashFactor: 1_000,
        rewardFactor: 10,
        arbiter: addressOf(t.arbiter),
      },
    ],
  });

/** Prices of which only CPU time costs something, from the next but one epoch on; the chain stands in that epoch. */
async function setPrices(t: Network, feeBps: number, perMCpuMs = 20_000): Promise<void> {
  const { abi, address } = t.settlement;
  const fromEpoch = (await currentEpoch(t)) + 10;
  const only = { included: 0, base: 0, perMRequests: 0, perMCpuMs, perGiB: 0, perGiBStored: 0 };
  const prices = { fromEpoch, feeBps, ...only };
  await callAsAdmin(t, address, { abi, functionName: "setPrices", args: [prices] });
  await moveToEpoch(t, fromEpoch);
}

const decide = (t: WithNode, epoch: number, guilty: boolean, slash = 0n, reward = 0n) =>
  t.settlement.write.decide([t.projectId, t.nodeId, epoch, guilty, slash, reward], {
    account: t.arbiter.account,
  });

/** What the escrow holds beyond what it owes to anyone. */
async function surplus({ usd, escrow }: Network, projectId: bigint): Promise<bigint> {
  const { balance } = await escrow.read.accountOf([projectId]);
  const owed = balance + (await escrow.read.held()) + (await escrow.read.fees());
  return (await usd.read.balanceOf([escrow.address])) - owed;
}

describe("A dispute at the bounds of its parameters", () => {
  it("costs the amount where there is no least bond; where the receipt cost nothing, nothing, and no stake without a floor", async () => {
    const t = await load();
    await setPrices(t, 500);
    await setParameters(t, 0n, MOST_MAX_SLASH);
    const usage = { nodeId: t.nodeId, projectId: t.projectId };
    const worth = await countUsage(t, { ...usage, cpuMs: 150n });
    assert.equal(worth.amount, 3n);
    assert.equal(await disputeCounted(t, worth), 3n);
    await decide(t, worth.epoch, false);
    assert.deepEqual(await t.settlement.read.payableOf([t.nodeId]), [3n - 1n + 3n, 1n]);

    const worthless = await countUsage(t, usage);
    assert.equal(worthless.amount, 0n);
    assert.equal(await disputeCounted(t, worthless), 0n);
    const { stake } = await t.nodes.read.nodeOf([t.nodeId]);
    await decide(t, worthless.epoch, true, 101n, 50n);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).stake, stake);
    assert.equal(await t.escrow.read.refundOf([addressOf(t.owner)]), 0n);
    assert.equal(await surplus(t, t.projectId), 0n);
  });

  it("costs 1,000 USD where that is the least bond, all of it the node's if it is innocent", async () => {
    const t = await load();
    await setParameters(t, MOST_MIN_BOND, 0n);
    await nextEpoch(t);
    const counted = await countUsage(t, { nodeId: t.nodeId, projectId: t.projectId });
    assert.equal(await disputeCounted(t, counted), MOST_MIN_BOND);
    await decide(t, counted.epoch, false);
    assert.deepEqual(await t.settlement.read.payableOf([t.nodeId]), [950n + MOST_MIN_BOND, 50n]);
    assert.equal(await surplus(t, t.projectId), 0n);
  });

  it("takes no stake where the highest slash is nothing", async () => {
    const t = await load();
    await setParameters(t, MOST_MIN_BOND, 0n);
    await nextEpoch(t);
    const counted = await countUsage(t, { nodeId: t.nodeId, projectId: t.projectId });
    await disputeCounted(t, counted);
    await assertions.emitWithArgs(
      decide(t, counted.epoch, true, MOST_MAX_SLASH, 1n),
      t.settlement,
      "Decided",
      [t.projectId, t.nodeId, counted.epoch, true, 0n, 0n],
    );
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).stake, 250_000n * USD);
  });

  it("takes 100,000 USD of stake at once and no more, ten bonds of it for the disputer", async () => {
    const t = await load();
    await fundWallet(t, t.stranger, 300_000n * USD);
    await t.nodes.write.addStake([t.nodeId, 300_000n * USD], { account: t.stranger.account });
    await setParameters(t, 0n, MOST_MAX_SLASH);
    const cap = 100n * USD;
    const projectId = await createProject(t, { nodeIds: [t.nodeId], cap });
    const counted = await countUsage(t, { nodeId: t.nodeId, projectId, cpuMs: 50n * cap });
    assert.equal(counted.amount, cap);
    await disputeCounted(t, counted);
    // 1,000 times the amount is just as much, and a fifth of the stake is more.
    await decide({ ...t, projectId }, counted.epoch, true, MOST_MAX_SLASH + 1n, MOST_MAX_SLASH);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).stake, 450_000n * USD);
    assert.equal(await t.escrow.read.refundOf([addressOf(t.owner)]), cap + 10n * cap);
    assert.equal(await t.escrow.read.fees(), MOST_MAX_SLASH - 10n * cap);
    const other = await t.escrow.read.accountOf([t.projectId]);
    assert.equal(await surplus(t, projectId), other.balance);
  });

  it("rewards nobody for the smallest slash, which has no half", async () => {
    const t = await load();
    await nextEpoch(t);
    const counted = await countUsage(t, { nodeId: t.nodeId, projectId: t.projectId });
    const bond = await disputeCounted(t, counted);
    await decide(t, counted.epoch, true, 1n, 0n);
    assert.equal(await t.escrow.read.refundOf([addressOf(t.owner)]), bond);
    assert.equal(await t.escrow.read.fees(), 1n);
  });
});

describe("The largest receipt there can be", () => {
  it("is charged, disputed with a bond as large, refunded and paid without losing a unit", async () => {
    const t = await load();
    const stake = 120n * MOST_CAP;
    await fundWallet(t, t.stranger, stake);
    await t.nodes.write.addStake([t.nodeId, stake], { account: t.stranger.account });
    const { abi, address } = t.projects;
    await callAsAdmin(t, address, { abi, functionName: "setMaxCap", args: [Number(MOST_CAP)] });
    await t.projects.write.setBudget([t.projectId, Number(MOST_CAP)], { account: t.owner.account });
    await fundWallet(t, t.owner, 3n * MOST_CAP);
    await t.escrow.write.deposit([t.projectId, 3n * MOST_CAP], { account: t.owner.account });
    await nextEpoch(t);
    const usage = { nodeId: t.nodeId, projectId: t.projectId, ...MOST_USAGE };

    const refunded = await countUsage(t, usage);
    assert.equal(refunded.amount, MOST_CAP);
    assert.equal(await disputeCounted(t, refunded), MOST_CAP);
    const { balance } = await t.escrow.read.accountOf([t.projectId]);
    await decide(t, refunded.epoch, true);
    assert.equal((await t.escrow.read.accountOf([t.projectId])).balance, balance + MOST_CAP);
    assert.equal(await t.escrow.read.refundOf([addressOf(t.owner)]), MOST_CAP);

    const paid = await countUsage(t, usage);
    await nextEpoch(t, 7);
    const fee = (MOST_CAP * 500n + 9_999n) / 10_000n;
    const hash = t.settlement.write.claim([t.nodeId, [paid.epoch]]);
    await assertions.emitWithArgs(hash, t.settlement, "Claimed", [
      t.nodeId,
      [paid.epoch],
      MOST_CAP - fee,
      fee,
    ]);
    assert.equal(await surplus(t, t.projectId), 0n);
  });
});

describe("The fee at its bounds", () => {
  it("is nothing at 0, and a fifth, rounded up, at 2,000", async () => {
    const t = await load();
    const usage = { nodeId: t.nodeId, projectId: t.projectId, cpuMs: 550n };
    await setPrices(t, 0);
    const free = await countUsage(t, usage);
    assert.equal(free.amount, 11n);
    assert.deepEqual(await t.settlement.read.pending([t.nodeId, free.epoch]), [11n, 0]);
    await setPrices(t, 2_000);
    const dear = await countUsage(t, usage);
    await nextEpoch(t, 7);
    assert.deepEqual(await t.settlement.read.claimable([t.nodeId, [free.epoch]]), [11n, 0n]);
    assert.deepEqual(await t.settlement.read.claimable([t.nodeId, [dear.epoch]]), [8n, 3n]);
    await t.settlement.write.claim([t.nodeId, [free.epoch, dear.epoch]]);
    assert.equal(await t.escrow.read.fees(), 3n);
    assert.equal(await surplus(t, t.projectId), 0n);
  });

  it("may be all of the smallest amount: the claim moves nothing to the owner and is good all the same", async () => {
    const first = await deployNetwork();
    const token = await viem.deployContract("HostileToken", [6]);
    const t = await withAsset(first, token);
    const nodeId = await registerNode(t);
    await nextEpoch(t);
    const projectId = await createProject(t, { nodeIds: [nodeId] });
    await setPrices(t, 1);
    const { epoch, amount } = await countUsage(t, { nodeId, projectId, cpuMs: 50n });
    assert.equal(amount, 1n);
    await nextEpoch(t, 7);
    // Some tokens refuse to move nothing.
    await token.write.setRefusesZero([true]);
    await assertions.emitWithArgs(t.settlement.write.claim([nodeId, [epoch]]), t.settlement, "Claimed", [
      nodeId,
      [epoch],
      0n,
      1n,
    ]);
    assert.equal(await t.escrow.read.fees(), 1n);
    assert.equal(await surplus(t, projectId), 0n);
  });
});
