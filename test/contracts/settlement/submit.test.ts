import assert from "node:assert/strict";
import { networkHelpers } from "../support/network.ts";
import {
  assertions,
  createProject,
  encodeLines,
  encodeReceipts,
  fundWallet,
  nextEpoch,
  type ReceiptInput,
  signBatch,
  submitBatch,
  submitUsage,
  USD,
} from "../support/scenario.ts";
import { MOST_USAGE, type Serving, SKIPPED, serving, skippedIn } from "../support/settlement.ts";

const BASE = 1_000n;

const sign = (t: Serving, receipts: readonly ReceiptInput[]) =>
  signBatch(t, { nodeId: t.nodeId, epoch: t.epoch, receipts });
const isCounted = (t: Serving, projectId: bigint, seat = 0) =>
  t.settlement.read.isCounted([projectId, t.epoch, seat]);
const balanceOf = async (t: Serving, projectId: bigint) =>
  (await t.escrow.read.accountOf([projectId])).balance;

/** A second project on the node, with `credit`; it is there in the same epoch, and the epoch is over now. */
async function withNeighbour(t: Serving, credit: bigint) {
  const neighbourId = await createProject(t, { nodeIds: [t.nodeId], credit });
  await nextEpoch(t);
  return neighbourId;
}

describe("UsageSettlement.submit", () => {
  it("charges the project what the receipt costs and emits exactly the counted lines", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const { nodeId, projectId, epoch } = t;
    await nextEpoch(t);
    const usage = { projectId, requests: 20_000n, cpuMs: 500_000n, egressKiB: 2_048n, storedMiB: 1_536n };
    const batch = await sign(t, [usage]);
    // 1000 base + (10,000 * 300,000 + 500,000 * 20,000) / 1e6 + 2,048 * 50,000 / 2^20 + 1,536 * 1,000 / 2^10, each floored
    const amount = 1_000n + 13_000n + 97n + 1_500n;
    await assertions.emitWithArgs(submitBatch(t, batch), t.settlement, "BatchCounted", [
      nodeId,
      epoch,
      batch.statements,
      encodeLines([{ ...usage, amount }]),
    ]);
    assert.equal(await balanceOf(t, projectId), 1_000n * USD - amount);
    assert.equal(await t.escrow.read.held(), amount);
    assert.equal(await t.escrow.read.fees(), 0n);
    assert.deepEqual(await t.settlement.read.pending([nodeId, epoch]), [amount, 500]);
    assert.equal(await isCounted(t, projectId), true);
    assert.equal(await isCounted(t, projectId, 1), false);
  });

  it("charges no seat more than its cap, and the cap itself", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const { nodeId, projectId, epoch } = t;
    await nextEpoch(t);
    await submitUsage(t, { nodeId, epoch, receipts: [{ projectId, ...MOST_USAGE }] });
    assert.equal(await balanceOf(t, projectId), 999n * USD);
    assert.deepEqual(await t.settlement.read.pending([nodeId, epoch]), [USD, 500]);
  });

  it("keeps a batch as what was counted of it, for its node, epoch and statements alone", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const { nodeId, projectId, epoch } = t;
    await nextEpoch(t);
    const stranger = { projectId: 77n };
    const batch = await sign(t, [stranger, { projectId, requests: 7n }]);
    await submitBatch(t, batch);

    const lines = encodeLines([{ projectId, requests: 7n, amount: BASE }]);
    const { statements } = batch;
    const isBatch = t.settlement.read.isBatch;
    assert.equal(await isBatch([nodeId, epoch, statements, lines]), true);
    assert.equal(await isBatch([nodeId + 1, epoch, statements, lines]), false);
    assert.equal(await isBatch([nodeId, epoch - 1, statements, lines]), false);
    assert.equal(await isBatch([nodeId, epoch, lines.slice(0, 66) as `0x${string}`, lines]), false);
    const cheaper = encodeLines([{ projectId, requests: 7n, amount: BASE - 1n }]);
    assert.equal(await isBatch([nodeId, epoch, statements, cheaper]), false);
    const both = encodeLines([
      { ...stranger, amount: BASE },
      { projectId, requests: 7n, amount: BASE },
    ]);
    assert.equal(await isBatch([nodeId, epoch, statements, both]), false);
    assert.equal(await isBatch([nodeId, epoch, statements, "0x"]), false);
  });

  it("skips a receipt without a seat, of this project or of none, and counts the rest", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const elsewhere = await createProject(t, { nodeIds: [t.otherNodeId] });
    await nextEpoch(t);
    const batch = await sign(t, [{ projectId: elsewhere }, { projectId: t.projectId }, { projectId: 99n }]);
    const hash = await submitBatch(t, batch);
    assert.deepEqual(await skippedIn(t, hash), [
      [elsewhere, SKIPPED.noSeat],
      [99n, SKIPPED.noSeat],
    ]);
    await assertions.emitWithArgs(hash, t.settlement, "ReceiptSkipped", [
      t.nodeId,
      t.epoch,
      elsewhere,
      SKIPPED.noSeat,
    ]);
    await assertions.emitWithArgs(hash, t.settlement, "BatchCounted", [
      t.nodeId,
      t.epoch,
      batch.statements,
      encodeLines([{ projectId: t.projectId, amount: BASE }]),
    ]);
    assert.equal(await isCounted(t, elsewhere), false);
    assert.equal(await balanceOf(t, elsewhere), 1_000n * USD);
    // Its own node is not kept from counting it.
    await submitUsage(t, {
      nodeId: t.otherNodeId,
      epoch: t.epoch,
      receipts: [{ projectId: elsewhere }],
      operator: t.operator2,
    });
    assert.equal(await isCounted(t, elsewhere), true);
  });

  it("counts a receipt once, however often it comes", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const neighbourId = await withNeighbour(t, 1_000n * USD);
    const { projectId, nodeId, epoch } = t;
    await submitUsage(t, { nodeId, epoch, receipts: [{ projectId }] });

    const again = await sign(t, [{ projectId, cpuMs: 50_000n }, { projectId: neighbourId }]);
    const hash = await submitBatch(t, again);
    assert.deepEqual(await skippedIn(t, hash), [[projectId, SKIPPED.alreadyCounted]]);
    assert.equal(await balanceOf(t, projectId), 1_000n * USD - BASE);
    // Both batches are in one bucket.
    assert.deepEqual(await t.settlement.read.pending([nodeId, epoch]), [2n * BASE, 500]);
    await assertions.revertWithCustomErrorWithArgs(submitBatch(t, again), t.settlement, "NothingCounted", [
      nodeId,
      epoch,
    ]);
  });

  it("counts the first of two receipts of one project in a batch", async () => {
    const t = await networkHelpers.loadFixture(serving);
    await nextEpoch(t);
    const { projectId } = t;
    const first = { projectId, cpuMs: 50_000n };
    const batch = await sign(t, [first, { projectId, cpuMs: 50_000_000n }]);
    const hash = await submitBatch(t, batch);
    assert.deepEqual(await skippedIn(t, hash), [[projectId, SKIPPED.alreadyCounted]]);
    await assertions.emitWithArgs(hash, t.settlement, "BatchCounted", [
      t.nodeId,
      t.epoch,
      batch.statements,
      encodeLines([{ ...first, amount: 2n * BASE }]),
    ]);
    assert.equal(await balanceOf(t, projectId), 1_000n * USD - 2n * BASE);
  });

  it("counts a receipt for which the credit is just enough, and takes all of it", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const poor = await withNeighbour(t, BASE);
    await submitUsage(t, { nodeId: t.nodeId, epoch: t.epoch, receipts: [{ projectId: poor }] });
    assert.equal(await balanceOf(t, poor), 0n);
    assert.equal(await isCounted(t, poor), true);
  });

  it("skips what the credit does not pay in full, unmarked: after a deposit the same bytes count", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const poor = await withNeighbour(t, BASE - 1n);
    const { nodeId, projectId, epoch } = t;
    const both = await sign(t, [{ projectId: poor }, { projectId }]);
    const hash = await submitBatch(t, both);
    assert.deepEqual(await skippedIn(t, hash), [[poor, SKIPPED.tooLittleCredit]]);
    assert.equal(await isCounted(t, poor), false);
    assert.equal(await balanceOf(t, poor), BASE - 1n);
    assert.deepEqual(await t.settlement.read.pending([nodeId, epoch]), [BASE, 500]);
    const poorLine = encodeLines([{ projectId: poor, amount: BASE }]);
    assert.equal(await t.settlement.read.isBatch([nodeId, epoch, both.statements, poorLine]), false);

    // Somebody else's credit does not pay for it, one more unit of its own does.
    await fundWallet(t, t.stranger, 1n);
    await t.escrow.write.deposit([poor, 1n], { account: t.stranger.account });
    const second = await submitBatch(t, both);
    assert.deepEqual(await skippedIn(t, second), [[projectId, SKIPPED.alreadyCounted]]);
    assert.equal(await t.settlement.read.isBatch([nodeId, epoch, both.statements, poorLine]), true);
    assert.equal(await balanceOf(t, poor), 0n);
    assert.equal(await balanceOf(t, projectId), 1_000n * USD - BASE);
    assert.deepEqual(await t.settlement.read.pending([nodeId, epoch]), [2n * BASE, 500]);
  });

  it("leaves both receipts of a project open when the first of them is not paid for", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const poor = await withNeighbour(t, BASE);
    const { nodeId, epoch, projectId } = t;
    const batch = await sign(t, [{ projectId: poor, cpuMs: 50_000n }, { projectId: poor }, { projectId }]);
    const hash = await submitBatch(t, batch);
    const skipped = await skippedIn(t, hash);
    assert.deepEqual(
      skipped.toSorted((a, b) => Number(a[1]) - Number(b[1])),
      [
        [poor, SKIPPED.alreadyCounted],
        [poor, SKIPPED.tooLittleCredit],
      ],
    );
    assert.equal(await isCounted(t, poor), false);
    await submitUsage(t, { nodeId, epoch, receipts: [{ projectId: poor }] });
    assert.equal(await balanceOf(t, poor), 0n);
  });

  it("counts every node of a project by itself", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const { nodeId, otherNodeId, epoch } = t;
    const projectId = await createProject(t, { nodeIds: [otherNodeId, nodeId] });
    await nextEpoch(t);
    await submitUsage(t, { nodeId, epoch, receipts: [{ projectId }] });
    assert.deepEqual([await isCounted(t, projectId, 0), await isCounted(t, projectId, 1)], [false, true]);
    await submitUsage(t, {
      nodeId: otherNodeId,
      epoch,
      receipts: [{ projectId, cpuMs: 50_000n }],
      operator: t.operator2,
    });
    assert.deepEqual([await isCounted(t, projectId, 0), await isCounted(t, projectId, 1)], [true, true]);
    assert.deepEqual(await t.settlement.read.pending([nodeId, epoch]), [BASE, 500]);
    assert.deepEqual(await t.settlement.read.pending([otherNodeId, epoch]), [2n * BASE, 500]);
    assert.equal(await balanceOf(t, projectId), 1_000n * USD - 3n * BASE);
  });

  it("counts one epoch after another, the later one first too", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const { nodeId, epoch, projectId } = t;
    await nextEpoch(t, 3);
    for (const usage of [epoch + 2, epoch, epoch + 1]) {
      await submitUsage(t, { nodeId, epoch: usage, receipts: [{ projectId }] });
      assert.deepEqual(await t.settlement.read.pending([nodeId, usage]), [BASE, 500]);
    }
    assert.equal(await balanceOf(t, projectId), 1_000n * USD - 3n * BASE);
  });

  it("takes 256 receipts, and reads the last of them", async () => {
    const t = await networkHelpers.loadFixture(serving);
    await nextEpoch(t);
    const unknown = Array.from({ length: 255 }, (_, index) => ({ projectId: 1_000n + BigInt(index) }));
    const batch = await sign(t, [...unknown, { projectId: t.projectId, requests: 5n }]);
    const hash = await submitBatch(t, batch);
    assert.equal((await skippedIn(t, hash)).length, 255);
    await assertions.emitWithArgs(hash, t.settlement, "BatchCounted", [
      t.nodeId,
      t.epoch,
      batch.statements,
      encodeLines([{ projectId: t.projectId, requests: 5n, amount: BASE }]),
    ]);
  });

  it("refuses a batch of no receipt, of a part of one, or of 257", async () => {
    const t = await networkHelpers.loadFixture(serving);
    await nextEpoch(t);
    const { projectId } = t;
    const whole = encodeReceipts(Array.from({ length: 257 }, () => ({ projectId })));
    const signed = await sign(t, [{ projectId }]);
    for (const bytes of [0, 31, 33, 257 * 32]) {
      const receipts = whole.slice(0, 2 + 2 * bytes) as `0x${string}`;
      await assertions.revertWithCustomErrorWithArgs(
        submitBatch(t, { ...signed, receipts }),
        t.settlement,
        "BatchHasWrongSize",
        [BigInt(bytes), 256n],
      );
    }
  });

  it("refuses a batch of which nothing counts, and leaves no trace of it", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const poor = await withNeighbour(t, BASE - 1n);
    const batch = await sign(t, [{ projectId: poor }, { projectId: 99n }]);
    await assertions.revertWithCustomErrorWithArgs(submitBatch(t, batch), t.settlement, "NothingCounted", [
      t.nodeId,
      t.epoch,
    ]);
    assert.equal(await t.settlement.read.isBatch([t.nodeId, t.epoch, batch.statements, "0x"]), false);
    assert.equal(await isCounted(t, poor), false);
  });

  it("waits while it is paused, and counts when the pause is over", async () => {
    const t = await networkHelpers.loadFixture(serving);
    await nextEpoch(t);
    const batch = await sign(t, [{ projectId: t.projectId }]);
    await t.settlement.write.pause({ account: t.guardian.account });
    const until = await t.settlement.read.pausedUntil();
    assert.equal(until, (await networkHelpers.time.latest()) + t.network.epochSeconds);
    await assertions.revertWithCustomErrorWithArgs(submitBatch(t, batch), t.settlement, "Paused", [until]);
    await networkHelpers.time.setNextBlockTimestamp(until - 1);
    await assertions.revertWithCustomErrorWithArgs(submitBatch(t, batch), t.settlement, "Paused", [until]);
    await networkHelpers.time.setNextBlockTimestamp(until);
    await submitBatch(t, batch);
    assert.equal(await isCounted(t, t.projectId), true);
  });
});
