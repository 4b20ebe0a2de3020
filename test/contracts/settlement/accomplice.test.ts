import assert from "node:assert/strict";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  addressOf,
  assertions,
  createProject,
  currentEpoch,
  fundWallet,
  nextEpoch,
  registerNode,
  submitUsage,
  USD,
} from "../support/scenario.ts";

const STAKE = 4_000n * USD;
const BOND = 5n * USD;
const RECEIPTS = 16;
const UINT64 = 2n ** 64n - 1n;

/**
 * An honest node served 16 projects of the arbiter's accomplice; each receipt was counted and is disputed.
 * @param amount What each receipt costs.
 */
async function conspiracy(amount: bigint) {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { stake: STAKE });
  const accomplice = t.stranger;
  const projectIds: bigint[] = [];
  for (let i = 0; i < RECEIPTS; i++) {
    const cap = amount > USD ? amount : USD;
    projectIds.push(await createProject(t, { owner: accomplice, nodeIds: [nodeId], cap, credit: cap }));
  }
  const epoch = await currentEpoch(t);
  await nextEpoch(t);
  const receipts = projectIds.map((projectId) => ({ projectId, cpuMs: 50n * (amount - 1_000n) }));
  const { statements, lines } = await submitUsage(t, { nodeId, epoch, receipts });
  await fundWallet(t, accomplice, BigInt(RECEIPTS) * BOND);
  for (const index of projectIds.keys()) {
    await t.settlement.write.dispute([nodeId, epoch, statements, lines, BigInt(index), BOND, "lie"], {
      account: accomplice.account,
    });
  }
  return { ...t, nodeId, accomplice, projectIds, epoch };
}
type Conspiracy = Awaited<ReturnType<typeof conspiracy>>;
const overDust = () => conspiracy(1_000n);
const overDollars = () => conspiracy(3n * USD);

/** The arbiter asks for all there can be, for every receipt from `first` on. */
async function decideAll(t: Conspiracy, first = 0): Promise<void> {
  for (const projectId of t.projectIds.slice(first)) {
    await t.settlement.write.decide([projectId, t.nodeId, t.epoch, true, UINT64, UINT64], {
      account: t.arbiter.account,
    });
  }
}
const stakeOf = async (t: Conspiracy) => (await t.nodes.read.nodeOf([t.nodeId])).stake;
/** What the accomplice has on top of its own bonds. */
const gainOf = async (t: Conspiracy) =>
  (await t.escrow.read.refundOf([addressOf(t.accomplice)])) - BigInt(RECEIPTS) * BOND;

describe("An arbiter and an accomplice who disputes what an honest node served", () => {
  it("take 5.10 USD of stake for a receipt of 0.001, not 200, and half of that is the accomplice's", async () => {
    const t = await networkHelpers.loadFixture(overDust);
    await decideAll(t);
    const taken = BigInt(RECEIPTS) * (100n * 1_000n + 5n * USD);
    assert.equal(taken, 81_600_000n);
    assert.equal(STAKE - (await stakeOf(t)), taken);
    assert.equal(await gainOf(t), taken / 2n);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).retiredFrom, 0);
  });

  it("take a fifth of the stake in an epoch, however many receipts of whatever price, and gain two bonds each", async () => {
    const t = await networkHelpers.loadFixture(overDollars);
    await decideAll(t);
    // Of the first four 200 USD each, of the others nothing.
    assert.equal(await stakeOf(t), STAKE - STAKE / 5n);
    assert.equal(await gainOf(t), 4n * 2n * BOND);
    assert.equal(await t.escrow.read.fees(), STAKE / 5n - 8n * BOND);
  });

  it("are stopped by the guardian after the first decision: the node is paid for all others", async () => {
    const t = await networkHelpers.loadFixture(overDollars);
    const [first = 0n, ...others] = t.projectIds;
    await t.settlement.write.decide([first, t.nodeId, t.epoch, true, UINT64, UINT64], {
      account: t.arbiter.account,
    });
    const left = await stakeOf(t);
    await t.settlement.write.suspendDecisions({ account: t.guardian.account });
    await assertions.revertWithCustomError(decideAll(t, 1), t.settlement, "DecisionsAreSuspended");
    await nextEpoch(t, 6);
    for (const projectId of others) await t.settlement.write.draw([projectId, t.nodeId, t.epoch]);
    assert.equal(await stakeOf(t), left);
    const [paid] = await t.settlement.read.payableOf([t.nodeId]);
    assert.equal(paid, BigInt(others.length) * ((3n * USD * 95n) / 100n));
  });
});
