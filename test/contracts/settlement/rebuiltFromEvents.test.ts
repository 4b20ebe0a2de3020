import assert from "node:assert/strict";
import { type Address, encodeFunctionData, getAddress, type Hex, zeroHash } from "viem";
import { countUsage, disputeCounted } from "../support/dispute.ts";
import { announceAndWait } from "../support/governance.ts";
import { disputeParametersOf, pricesOf } from "../support/hostile.ts";
import { type MoneyFromEvents, moneyFromEvents } from "../support/moneyFromEvents.ts";
import { networkHelpers } from "../support/network.ts";
import { setPresence } from "../support/projects.ts";
import {
  addressOf,
  createProject,
  currentEpoch,
  fundWallet,
  moveToEpoch,
  nextEpoch,
  registerNode,
  submitUsage,
  USD,
} from "../support/scenario.ts";
import { batchHash, type Serving, serving, signRelease } from "../support/settlement.ts";

/** Two projects, one of them poor, on nodes 1 to 3; everybody who disputes has money. */
async function playing() {
  const t = await serving();
  const thirdId = await registerNode(t, { stake: 1_000n * USD });
  const nodeIds = [t.nodeId, t.otherNodeId, thirdId];
  const poor = await createProject(t, { nodeIds, credit: 1_500n });
  const rich = await createProject(t, { nodeIds });
  for (const wallet of [t.owner, t.stranger]) await fundWallet(t, wallet, 1_000n * USD);
  return { ...t, thirdId, poor, rich };
}
type Playing = Awaited<ReturnType<typeof playing>>;

const PROJECTS = [1n, 2n, 3n];
const NODES = [1, 2, 3];

/**
 * Every view of escrow and settlement says what their events say.
 * @param first The first epoch whose receipts are looked at.
 */
async function viewsAgree(t: Playing, first: number): Promise<MoneyFromEvents> {
  const money = await moneyFromEvents(t);
  const now = await currentEpoch(t);
  const { escrow, settlement, usd } = t;
  const { late } = t.network.times;

  let owed = 0n;
  for (const projectId of PROJECTS) {
    const credit = money.creditOf(projectId);
    owed += credit.balance;
    assert.deepEqual(await escrow.read.accountOf([projectId]), credit, `credit of ${projectId}`);
    const available = money.availableOf(projectId, now, late);
    assert.equal(await escrow.read.available([projectId]), available, `available of ${projectId}`);
    assert.equal(await settlement.read.ringOf([projectId]), money.rings.get(projectId)?.word);
  }
  assert.equal(await escrow.read.held(), money.held);
  assert.equal(await escrow.read.fees(), money.fees);
  assert.equal(await usd.read.balanceOf([escrow.address]), owed + money.held + money.fees);
  assert.equal(await escrow.read.feeReceiver(), getAddress(money.feeReceiver));
  for (const who of t.wallets.map(addressOf)) {
    assert.equal(await escrow.read.refundOf([who]), money.refunds.get(who) ?? 0n, `refund of ${who}`);
  }

  const epochs = Array.from({ length: now + 2 - first }, (_, i) => first + i);
  for (const nodeId of NODES) {
    const { amount, fee } = money.payableOf(nodeId);
    assert.deepEqual(await settlement.read.payableOf([nodeId]), [amount, fee]);
    for (const epoch of epochs) {
      const { pending, feeBps } = money.pendingOf(nodeId, epoch);
      assert.deepEqual(await settlement.read.pending([nodeId, epoch]), [pending, feeBps]);
      for (const projectId of PROJECTS) {
        const status = await settlement.read.statusOf([projectId, nodeId, epoch]);
        assert.deepEqual(status, money.statusOf(projectId, nodeId, epoch));
      }
    }
  }
  for (const batch of money.batches) {
    const { nodeId, epoch, statements, lines } = batch;
    assert.equal(await settlement.read.isBatch([nodeId, epoch, statements, lines]), true);
    assert.equal(await settlement.read.batchHashOf([nodeId, epoch, statements, lines]), batchHash(batch));
  }
  for (const epoch of [now - late, now - 1, now, now + 1, now + 90].filter((each) => each >= 0)) {
    assert.deepEqual(await settlement.read.pricesAt([epoch]), money.pricesAt(epoch));
  }
  assert.deepEqual(await settlement.read.parameters(), money.parameters);
  assert.equal(await settlement.read.decisionsSuspendedUntil(), money.suspendedUntil);
  assert.equal(await settlement.read.pausedUntil(), money.pausedUntil);
  assert.equal(await settlement.read.successor(), getAddress(money.successor));
  return money;
}

async function asAdmin(t: Playing, contract: { address: Address }, call: Hex): Promise<void> {
  await announceAndWait(t, contract, call);
  await t.accessManager.write.execute([contract.address, call], { account: t.admin.account });
}

/** Steps of a walk; each does a thing or two that changes what escrow or settlement keep. */
const WALK: Readonly<Record<string, (t: Playing) => Promise<unknown>>> = {
  "deposits of all kinds": async (t) => {
    await t.escrow.write.deposit([t.poor, 1n], { account: t.stranger.account });
    const permit = [t.rich, 7n, 0n, 27, zeroHash, zeroHash] as const;
    await t.escrow.write.depositWithPermit(permit, { account: t.owner.account });
    const place = ["project-1.worker3.localhost", addressOf(t.owner), 3n] as const;
    await t.escrow.write.depositAt(place, { account: t.stranger.account });
  },
  "a batch of which one receipt is not paid for": async (t) => {
    const epoch = await currentEpoch(t);
    await nextEpoch(t);
    const dear = { projectId: t.poor, storedMiB: 4_096n };
    await submitUsage(t, {
      nodeId: t.nodeId,
      epoch,
      receipts: [dear, { projectId: t.rich, cpuMs: 77_777n }],
    });
    const receipts = [{ projectId: t.poor }, { projectId: 1n }];
    await submitUsage(t, { nodeId: t.nodeId, epoch, receipts });
  },
  "a request, taken back and made again": async (t) => {
    const owner = { account: t.owner.account };
    await t.escrow.write.requestWithdraw([t.rich, 5n * USD], owner);
    await t.escrow.write.cancelWithdraw([t.rich], owner);
    await nextEpoch(t);
    await t.escrow.write.requestWithdraw([t.rich, 1_000n * USD - 90_000n], owner);
  },
  "a charge that reaches what thaws": (t) =>
    countUsage(t, { nodeId: t.otherNodeId, projectId: t.rich, cpuMs: 9_999_999n, operator: t.operator2 }),
  "releases by the owner and by the meter": async (t) => {
    const owner = { account: t.owner.account };
    const own = await countUsage(t, { nodeId: t.nodeId, projectId: 1n, requests: 1_234_567n });
    await t.settlement.write.release([own.nodeId, own.epoch, own.statements, own.lines, 0n, "0x"], owner);
    await t.projects.write.setMeter([1n, addressOf(t.admin)], owner);
    const metered = await countUsage(t, { nodeId: t.nodeId, projectId: 1n, egressKiB: 999_999n });
    const { nodeId, epoch, statements, lines, amount } = metered;
    const signature = await signRelease(t, t.admin, { projectId: 1n, nodeId, epoch, amount });
    await t.settlement.write.release([nodeId, epoch, statements, lines, 0n, signature]);
  },
  "a dispute against a guilty node, which loses so much that it would retire": async (t) => {
    const usage = await countUsage(t, { nodeId: t.thirdId, projectId: t.rich, cpuMs: 1_000_003n });
    await disputeCounted(t, usage);
    await t.settlement.write.decide([t.rich, t.thirdId, usage.epoch, true, 3n * USD, 1n * USD], {
      account: t.arbiter.account,
    });
  },
  "stake in time": (t) => t.nodes.write.addStake([t.thirdId, 3n * USD], { account: t.stranger.account }),
  "a dispute against an innocent node, decided late": async (t) => {
    const usage = await countUsage(t, { nodeId: t.nodeId, projectId: 1n, cpuMs: 3_333_333n });
    await disputeCounted(t, usage);
    const arbiter = { account: t.arbiter.account };
    await t.settlement.write.extend([1n, t.nodeId, usage.epoch], arbiter);
    await nextEpoch(t, 8);
    await t.settlement.write.decide([1n, t.nodeId, usage.epoch, false, 0n, 0n], arbiter);
  },
  "a dispute that is drawn while decisions are suspended": async (t) => {
    const usage = await countUsage(t, { nodeId: t.nodeId, projectId: 1n });
    await disputeCounted(t, usage);
    await t.settlement.write.suspendDecisions({ account: t.guardian.account });
    await nextEpoch(t, 6);
    await t.settlement.write.draw([1n, t.nodeId, usage.epoch]);
  },
  "the same arbiter, and other bounds": async (t) => {
    const args = [{ ...disputeParametersOf(t), minBond: 7n * USD, rewardFactor: 3 }] as const;
    const { abi } = t.settlement;
    await asAdmin(t, t.settlement, encodeFunctionData({ abi, functionName: "setParameters", args }));
  },
  "prices that count soon": async (t) => {
    const fromEpoch = (await currentEpoch(t)) + 8;
    const args = [{ ...pricesOf(t), fromEpoch, feeBps: 700, perGiBStored: 5_000 }] as const;
    const { abi } = t.settlement;
    await asAdmin(t, t.settlement, encodeFunctionData({ abi, functionName: "setPrices", args }));
    await moveToEpoch(t, fromEpoch + 1);
    const receipts = [{ projectId: 1n, storedMiB: 7_777n }];
    await submitUsage(t, { nodeId: t.nodeId, epoch: fromEpoch - 1, receipts });
    await submitUsage(t, { nodeId: t.nodeId, epoch: fromEpoch, receipts });
  },
  "a withdrawal": (t) => t.escrow.write.withdraw([t.rich], { account: t.owner.account }),
  "more credit, growth in the same epoch, and a node that leaves": async (t) => {
    await t.escrow.write.deposit([t.rich, 100n * USD], { account: t.owner.account });
    await t.escrow.write.deposit([1n, 100n * USD], { account: t.owner.account });
    await setPresence(t, t.otherNodeId, (await currentEpoch(t)) + 1);
    await t.projects.write.grow([1n, Number(2n * USD), [t.otherNodeId]], { account: t.owner.account });
    const { stake } = await t.nodes.read.nodeOf([t.otherNodeId]);
    await t.nodes.write.requestUnstake([t.otherNodeId, stake], { account: t.nodeOwner2.account });
    await countUsage(t, { nodeId: t.otherNodeId, projectId: 1n, cpuMs: 2n ** 40n, operator: t.operator2 });
    await nextEpoch(t, 2);
  },
  "a project that is closed": (t) =>
    t.projects.write.close([t.rich], { account: t.owner.account }).then(() => nextEpoch(t)),
  "claims, of what matured and is payable": async (t) => {
    const epochs = Array.from({ length: await currentEpoch(t) }, (_, epoch) => epoch);
    for (const nodeId of NODES.slice(0, 2)) await t.settlement.write.claim([nodeId, epochs]);
  },
  "refunds and fees, collected": async (t) => {
    await t.escrow.write.collectRefund([addressOf(t.stranger)], { account: t.owner.account });
    await t.escrow.write.collectFees();
  },
  "a pause, another fee receiver and a successor": async (t) => {
    await t.settlement.write.pause({ account: t.guardian.account });
    const { abi } = t.escrow;
    const receiver = addressOf(t.stranger);
    await asAdmin(t, t.escrow, encodeFunctionData({ abi, functionName: "setFeeReceiver", args: [receiver] }));
    const to = { abi: t.settlement.abi, functionName: "setSuccessor", args: [receiver] } as const;
    await asAdmin(t, t.settlement, encodeFunctionData(to));
  },
};

describe("What escrow and settlement keep", () => {
  it("is told by their events alone, after every step of a long walk", async function () {
    this.timeout(240_000);
    const t: Playing & Serving = await networkHelpers.loadFixture(playing);
    await viewsAgree(t, 0);
    for (const [step, walk] of Object.entries(WALK)) {
      const before = await currentEpoch(t);
      await walk(t);
      await viewsAgree(t, Math.max(0, before - 4)).catch((cause: unknown) => {
        throw new Error(`after ${step}: ${cause instanceof Error ? cause.message : cause}`, { cause });
      });
    }
    const money = await viewsAgree(t, 0);
    // The walk was one through all of it.
    const statuses = new Set([...money.disputes.values()].map(({ status }) => status));
    assert.deepEqual([...statuses].sort(), [1, 3]);
    assert.ok(money.fees === 0n && money.held > 0n && money.batches.length > 8);
  });
});
