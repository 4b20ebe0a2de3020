import assert from "node:assert/strict";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { networkHelpers } from "../support/network.ts";
import {
  addressOf,
  assertions,
  createProject,
  fundWallet,
  moveToEpoch,
  nextEpoch,
  submitUsage,
  USD,
} from "../support/scenario.ts";
import {
  AMOUNT,
  type Counted,
  counted,
  countedTwo,
  FEE,
  type Serving,
  serving,
} from "../support/settlement.ts";

const claim = (t: Serving, epochs: readonly number[], nodeId = t.nodeId) =>
  t.settlement.write.claim([nodeId, epochs], { account: t.stranger.account });
const claimable = (t: Serving, epochs: readonly number[]) => t.settlement.read.claimable([t.nodeId, epochs]);
const refusesAll = (t: Serving, epochs: readonly number[]) =>
  assertions.revertWithCustomErrorWithArgs(claim(t, epochs), t.settlement, "NothingToClaim", [t.nodeId]);
const nodeOwnerHas = (t: Serving) => t.usd.read.balanceOf([addressOf(t.nodeOwner1)]);

/** What each of four epochs costs, and the fee on it: 5%, rounded up for each. */
const COSTS = [1_001n, 1_003n, 1_007n, 1_019n] as const;
const FEES = [51n, 51n, 51n, 51n] as const;

/** Four epochs in a row are counted. */
async function fourEpochs() {
  const t = await serving();
  const { nodeId, projectId, epoch } = t;
  for (const cost of COSTS) {
    const usage = await t.settlement.read.currentEpoch();
    await nextEpoch(t);
    const receipts = [{ projectId, cpuMs: (cost - 1_000n) * 50n }];
    await submitUsage(t, { nodeId, epoch: usage, receipts });
  }
  return { ...t, epochs: COSTS.map((_, index) => epoch + index) };
}

const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);

describe("UsageSettlement.claim", () => {
  it("pays the node's owner what has matured, less the fee rounded up, whoever asks", async () => {
    const t = await networkHelpers.loadFixture(counted);
    await moveToEpoch(t, t.epoch + 8);
    const { result } = await t.settlement.simulate.claim([t.nodeId, [t.epoch]]);
    assert.deepEqual(result, [AMOUNT - FEE, FEE]);
    await assertions.emitWithArgs(claim(t, [t.epoch]), t.settlement, "Claimed", [
      t.nodeId,
      [t.epoch],
      AMOUNT - FEE,
      FEE,
    ]);
    assert.equal(await nodeOwnerHas(t), AMOUNT - FEE);
    assert.equal(await t.escrow.read.fees(), FEE);
    assert.equal(await t.escrow.read.held(), 0n);
    assert.equal(await t.usd.read.balanceOf([t.escrow.address]), 1_000n * USD - AMOUNT + FEE);
    assert.deepEqual(await t.settlement.read.pending([t.nodeId, t.epoch]), [0n, 0]);
  });

  it("pays nothing of e to the last second of e+7, and all of it from the first of e+8 on", async () => {
    const t = await networkHelpers.loadFixture(counted);
    await atLastSecondOf(t, t.epoch + 7);
    await refusesAll(t, [t.epoch]);
    await atFirstSecondOf(t, t.epoch + 8);
    await assertions.emit(claim(t, [t.epoch]), t.settlement, "Claimed");
  });

  it("passes over what is immature, empty, claimed or named twice", async () => {
    const t = await networkHelpers.loadFixture(fourEpochs);
    const [first, second, third, fourth] = t.epochs as [number, number, number, number];
    await moveToEpoch(t, second + 8);
    const asked = [fourth, first, first - 1, first, third, 2 ** 32 - 1];
    assert.deepEqual(await claimable(t, asked), [COSTS[0] - FEES[0], FEES[0]]);
    await assertions.emitWithArgs(claim(t, asked), t.settlement, "Claimed", [
      t.nodeId,
      [first],
      COSTS[0] - FEES[0],
      FEES[0],
    ]);
    await refusesAll(t, asked);
    // What was passed over is there still.
    assert.deepEqual(await t.settlement.read.pending([t.nodeId, third]), [COSTS[2], 500]);

    await moveToEpoch(t, fourth + 8);
    const rest = sum(COSTS.slice(1)) - sum(FEES.slice(1));
    await assertions.emitWithArgs(claim(t, [fourth, ...t.epochs]), t.settlement, "Claimed", [
      t.nodeId,
      [fourth, second, third],
      rest,
      sum(FEES.slice(1)),
    ]);
    assert.equal(await nodeOwnerHas(t), sum(COSTS) - sum(FEES));
    assert.equal(await t.escrow.read.held(), 0n);
  });

  it("rounds the fee up for each epoch, so that asking for all at once saves nothing", async () => {
    const t = await networkHelpers.loadFixture(fourEpochs);
    await moveToEpoch(t, t.epoch + 11);
    // 5% of the sum are 201.5.
    assert.deepEqual(await claimable(t, t.epochs), [sum(COSTS) - 204n, 204n]);
    await claim(t, t.epochs);
    assert.equal(await t.escrow.read.fees(), 204n);
  });

  for (const [name, order] of [
    ["forward", [0, 1, 2, 3]],
    ["backward", [3, 2, 1, 0]],
    ["crosswise", [2, 0, 3, 1]],
  ] as const) {
    it(`pays the same for epochs ${name}, at once or one by one, and as the view says`, async () => {
      const t = await networkHelpers.loadFixture(fourEpochs);
      await moveToEpoch(t, t.epoch + 11);
      const epochs = order.map((index) => t.epoch + index);
      const view = await claimable(t, epochs);
      assert.deepEqual(view, [sum(COSTS) - sum(FEES), sum(FEES)]);
      assert.deepEqual((await t.settlement.simulate.claim([t.nodeId, epochs])).result, view);
      for (const epoch of epochs) {
        const before = await nodeOwnerHas(t);
        const [paid] = await claimable(t, [epoch]);
        await claim(t, [epoch]);
        assert.equal((await nodeOwnerHas(t)) - before, paid);
      }
      assert.equal(await nodeOwnerHas(t), view[0]);
      assert.equal(await t.escrow.read.fees(), view[1]);
    });
  }

  it("pays what is payable before it matures, with no epoch named, and once", async () => {
    const t = await networkHelpers.loadFixture(counted);
    await release(t);
    assert.deepEqual(await claimable(t, []), [AMOUNT - FEE, FEE]);
    await assertions.emitWithArgs(claim(t, []), t.settlement, "Claimed", [t.nodeId, [], AMOUNT - FEE, FEE]);
    assert.equal(await nodeOwnerHas(t), AMOUNT - FEE);
    assert.deepEqual(await t.settlement.read.payableOf([t.nodeId]), [0n, 0n]);
    await refusesAll(t, [t.epoch]);
  });

  it("pays what is payable together with what has matured", async () => {
    const t = await networkHelpers.loadFixture(countedTwo);
    await release(t);
    await moveToEpoch(t, t.epoch + 8);
    // The second receipt costs 2,000.
    const paid = AMOUNT - FEE + 1_900n;
    assert.deepEqual(await claimable(t, [t.epoch]), [paid, FEE + 100n]);
    await assertions.emitWithArgs(claim(t, [t.epoch]), t.settlement, "Claimed", [
      t.nodeId,
      [t.epoch],
      paid,
      FEE + 100n,
    ]);
    assert.equal(await t.escrow.read.held(), 0n);
  });

  it("pays bonds of lost disputes in full, no fee on them", async () => {
    const t = await networkHelpers.loadFixture(counted);
    await fundWallet(t, t.owner, 5n * USD);
    await t.settlement.write.dispute([t.nodeId, t.epoch, t.statements, t.lines, 0n, 5n * USD, ""], {
      account: t.owner.account,
    });
    await t.settlement.write.decide([t.projectId, t.nodeId, t.epoch, false, 0n, 0n], {
      account: t.arbiter.account,
    });
    await claim(t, []);
    assert.equal(await nodeOwnerHas(t), AMOUNT - FEE + 5n * USD);
    assert.equal(await t.escrow.read.fees(), FEE);
  });

  it("pays every node its own", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const { nodeId, otherNodeId, epoch } = t;
    const projectId = await createProject(t, { nodeIds: [otherNodeId, nodeId] });
    await nextEpoch(t);
    await submitUsage(t, { nodeId, epoch, receipts: [{ projectId }] });
    await submitUsage(t, {
      nodeId: otherNodeId,
      epoch,
      receipts: [{ projectId, cpuMs: 50_000n }],
      operator: t.operator2,
    });
    await moveToEpoch(t, epoch + 8);
    await claim(t, [epoch], otherNodeId);
    assert.equal(await t.usd.read.balanceOf([addressOf(t.nodeOwner2)]), 1_900n);
    assert.equal(await nodeOwnerHas(t), 0n);
    await claim(t, [epoch]);
    assert.equal(await nodeOwnerHas(t), 950n);
  });

  it("pays the owner of the moment, not the operator nor who owned the node when it served", async () => {
    const t = await networkHelpers.loadFixture(counted);
    await t.nodes.write.transferOwnership([t.nodeId, addressOf(t.guardian)], {
      account: t.nodeOwner1.account,
    });
    await t.nodes.write.acceptOwnership([t.nodeId], { account: t.guardian.account });
    await moveToEpoch(t, t.epoch + 8);
    await claim(t, [t.epoch]);
    assert.equal(await t.usd.read.balanceOf([addressOf(t.guardian)]), AMOUNT - FEE);
    assert.equal(await nodeOwnerHas(t), 0n);
    assert.equal(await t.usd.read.balanceOf([addressOf(t.operator1)]), 0n);
  });

  it("refuses where there is nothing: no epochs, none counted, no such node", async () => {
    const t = await networkHelpers.loadFixture(counted);
    await moveToEpoch(t, t.epoch + 8);
    await refusesAll(t, []);
    await refusesAll(t, [t.epoch + 1, t.epoch - 1]);
    await assertions.revertWithCustomErrorWithArgs(
      claim(t, [t.epoch], 9),
      t.settlement,
      "NothingToClaim",
      [9],
    );
    assert.deepEqual(await claimable(t, [t.epoch + 1]), [0n, 0n]);
  });

  it("has no deadline", async () => {
    const t = await networkHelpers.loadFixture(counted);
    await moveToEpoch(t, t.epoch + 500);
    await claim(t, [t.epoch]);
    assert.equal(await nodeOwnerHas(t), AMOUNT - FEE);
  });
});

const release = (t: Counted) =>
  t.settlement.write.release([t.nodeId, t.epoch, t.statements, t.lines, 0n, "0x"], {
    account: t.owner.account,
  });
