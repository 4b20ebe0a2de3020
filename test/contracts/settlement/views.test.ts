import assert from "node:assert/strict";
import { getAddress, zeroAddress, zeroHash } from "viem";
import { networkHelpers } from "../support/network.ts";
import {
  addressOf,
  assertions,
  currentEpoch,
  fundWallet,
  moveToEpoch,
  nextEpoch,
  submitUsage,
  USD,
} from "../support/scenario.ts";
import { AMOUNT, batchHash, counted, FEE, STATUS, serving } from "../support/settlement.ts";

const UNTOUCHED = {
  status: STATUS.untouched,
  openedIn: 0,
  extended: false,
  disputer: zeroAddress,
  bond: 0n,
  amount: 0n,
  feeBps: 0,
  batchHash: zeroHash,
};

describe("UsageSettlement.statusOf", () => {
  it("is untouched before and after a receipt is counted and paid", async () => {
    const t = await networkHelpers.loadFixture(counted);
    const status = () => t.settlement.read.statusOf([t.projectId, t.nodeId, t.epoch]);
    assert.deepEqual(await t.settlement.read.statusOf([t.projectId, t.nodeId, t.epoch + 1]), UNTOUCHED);
    assert.deepEqual(await status(), UNTOUCHED);
    await moveToEpoch(t, t.epoch + 8);
    await t.settlement.write.claim([t.nodeId, [t.epoch]]);
    assert.deepEqual(await status(), UNTOUCHED);
  });

  it("says of a release that it was one, and nothing of a dispute", async () => {
    const t = await networkHelpers.loadFixture(counted);
    await t.settlement.write.release([t.nodeId, t.epoch, t.statements, t.lines, 0n, "0x"], {
      account: t.owner.account,
    });
    assert.deepEqual(await t.settlement.read.statusOf([t.projectId, t.nodeId, t.epoch]), {
      ...UNTOUCHED,
      status: STATUS.released,
    });
  });

  it("keeps a dispute when it is settled, for its project, node and epoch alone", async () => {
    const t = await networkHelpers.loadFixture(counted);
    await fundWallet(t, t.owner, 5n * USD);
    const openedIn = await currentEpoch(t);
    await t.settlement.write.dispute([t.nodeId, t.epoch, t.statements, t.lines, 0n, 5n * USD, ""], {
      account: t.owner.account,
    });
    const dispute = {
      status: STATUS.disputed,
      openedIn,
      extended: false,
      disputer: addressOf(t.owner),
      bond: 5n * USD,
      amount: AMOUNT,
      feeBps: 500,
      batchHash: batchHash(t),
    };
    const { statusOf } = t.settlement.read;
    assert.deepEqual(await statusOf([t.projectId, t.nodeId, t.epoch]), dispute);
    assert.deepEqual(await statusOf([t.projectId + 1n, t.nodeId, t.epoch]), UNTOUCHED);
    assert.deepEqual(await statusOf([t.projectId, t.otherNodeId, t.epoch]), UNTOUCHED);
    await t.settlement.write.decide([t.projectId, t.nodeId, t.epoch, true, 0n, 0n], {
      account: t.arbiter.account,
    });
    assert.deepEqual(await statusOf([t.projectId, t.nodeId, t.epoch]), {
      ...dispute,
      status: STATUS.settled,
    });
  });
});

describe("UsageSettlement.pending and payableOf", () => {
  it("are zero where nothing was counted", async () => {
    const t = await networkHelpers.loadFixture(counted);
    assert.deepEqual(await t.settlement.read.pending([t.nodeId, t.epoch + 1]), [0n, 0]);
    assert.deepEqual(await t.settlement.read.pending([t.otherNodeId, t.epoch]), [0n, 0]);
    assert.deepEqual(await t.settlement.read.payableOf([t.nodeId]), [0n, 0n]);
  });

  it("hold an amount one after the other, never both", async () => {
    const t = await networkHelpers.loadFixture(counted);
    assert.deepEqual(await t.settlement.read.pending([t.nodeId, t.epoch]), [AMOUNT, 500]);
    await t.settlement.write.release([t.nodeId, t.epoch, t.statements, t.lines, 0n, "0x"], {
      account: t.owner.account,
    });
    assert.deepEqual(await t.settlement.read.pending([t.nodeId, t.epoch]), [0n, 500]);
    assert.deepEqual(await t.settlement.read.payableOf([t.nodeId]), [AMOUNT - FEE, FEE]);
    assert.deepEqual(await t.settlement.read.payableOf([t.otherNodeId]), [0n, 0n]);
  });
});

describe("UsageSettlement.isCounted", () => {
  it("knows the seats of the last 28 epochs, and says of those before that they are forgotten", async () => {
    const t = await networkHelpers.loadFixture(counted);
    const { nodeId, projectId, epoch } = t;
    const isCounted = (e: number, seat = 0) => t.settlement.read.isCounted([projectId, e, seat]);
    assert.deepEqual(
      [await isCounted(epoch), await isCounted(epoch, 1), await isCounted(epoch + 1)],
      [true, false, false],
    );
    // A seat that there cannot be.
    assert.equal(await isCounted(epoch, 8), false);

    await moveToEpoch(t, epoch + 28);
    await submitUsage(t, { nodeId, epoch: epoch + 27, receipts: [{ projectId }] });
    assert.deepEqual([await isCounted(epoch), await isCounted(epoch, 1)], [true, false]);
    await nextEpoch(t);
    await submitUsage(t, { nodeId, epoch: epoch + 28, receipts: [{ projectId }] });
    // Its place in the ring is taken by the new epoch now.
    for (const [forgotten, seat] of [
      [epoch, 0],
      [epoch, 1],
      [0, 0],
    ] as const) {
      await assertions.revertWithCustomErrorWithArgs(
        isCounted(forgotten, seat),
        t.settlement,
        "EpochForgotten",
        [forgotten, epoch + 1],
      );
    }
    assert.deepEqual([await isCounted(epoch + 1), await isCounted(epoch + 28, 1)], [false, false]);
  });
});

describe("UsageSettlement's other parts", () => {
  it("are the contracts it was deployed with", async () => {
    const t = await networkHelpers.loadFixture(serving);
    assert.equal(await t.settlement.read.nodeRegistry(), getAddress(t.nodes.address));
    assert.equal(await t.settlement.read.projectRegistry(), getAddress(t.projects.address));
    assert.equal(await t.settlement.read.creditEscrow(), getAddress(t.escrow.address));
  });
});
