import assert from "node:assert/strict";
import { encodeFunctionData, type Hex } from "viem";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { networkHelpers, viem } from "../support/network.ts";
import { assertions, moveToEpoch, signBatch, submitBatch, USD } from "../support/scenario.ts";
import { type Serving, serving } from "../support/settlement.ts";

const sign = (t: Serving, options: { epoch?: number; nodeId?: number } = {}) =>
  signBatch(t, {
    nodeId: options.nodeId ?? t.nodeId,
    epoch: options.epoch ?? t.epoch,
    receipts: [{ projectId: t.projectId }],
  });

describe("UsageSettlement.submit, when and by whom", () => {
  it("refuses usage of e in e itself, to its last second, and counts it from e+1 on", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const batch = await sign(t);
    await atLastSecondOf(t, t.epoch);
    await assertions.revertWithCustomErrorWithArgs(submitBatch(t, batch), t.settlement, "NotSubmittable", [
      t.epoch,
      t.epoch,
    ]);
    await atFirstSecondOf(t, t.epoch + 1);
    await assertions.emit(submitBatch(t, batch), t.settlement, "BatchCounted");
  });

  it("counts usage of e in the last second of e+4", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const batch = await sign(t);
    await atLastSecondOf(t, t.epoch + 4);
    await assertions.emit(submitBatch(t, batch), t.settlement, "BatchCounted");
  });

  it("refuses usage of e from the first second of e+5 on", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const batch = await sign(t);
    await atFirstSecondOf(t, t.epoch + 5);
    await assertions.revertWithCustomErrorWithArgs(submitBatch(t, batch), t.settlement, "NotSubmittable", [
      t.epoch,
      t.epoch + 5,
    ]);
  });

  it("refuses usage of an epoch ahead, of the last there can be too", async () => {
    const t = await networkHelpers.loadFixture(serving);
    for (const epoch of [t.epoch + 1, 2 ** 32 - 1]) {
      const batch = await sign(t, { epoch });
      await assertions.revertWithCustomErrorWithArgs(submitBatch(t, batch), t.settlement, "NotSubmittable", [
        epoch,
        t.epoch,
      ]);
    }
  });

  it("counts the last epoch of a retired node, and none after it", async () => {
    const t = await networkHelpers.loadFixture(serving);
    await t.nodes.write.requestUnstake([t.nodeId, 12_000n * USD], { account: t.nodeOwner1.account });
    await moveToEpoch(t, t.epoch + 2);
    const after = await sign(t, { epoch: t.epoch + 1 });
    await assertions.revertWithCustomErrorWithArgs(
      submitBatch(t, after),
      t.settlement,
      "UsageAfterRetirement",
      [t.nodeId, t.epoch + 1, t.epoch + 1],
    );
    await submitBatch(t, await sign(t));
    assert.equal(await t.settlement.read.isCounted([t.projectId, t.epoch, 0]), true);
  });

  it("refuses a node that does not exist", async () => {
    const t = await networkHelpers.loadFixture(serving);
    await moveToEpoch(t, t.epoch + 1);
    for (const nodeId of [0, 3]) {
      await assertions.revertWithCustomErrorWithArgs(
        submitBatch(t, await sign(t, { nodeId })),
        t.nodes,
        "UnknownNode",
        [nodeId],
      );
    }
  });

  it("counts three epochs in one transaction, also when a pause takes the epoch in which they would go out", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const batcher = await viem.deployContract("Batch");
    const epochs = [t.epoch, t.epoch + 1, t.epoch + 2];
    const calls: Hex[] = [];
    for (const epoch of epochs) {
      const { nodeId, statements, receipts, signature } = await sign(t, { epoch });
      const args = [nodeId, epoch, statements, receipts, signature] as const;
      calls.push(encodeFunctionData({ abi: t.settlement.abi, functionName: "submit", args }));
    }
    const submitAll = () => batcher.write.act([t.settlement.address, calls]);

    await moveToEpoch(t, t.epoch + 3);
    await t.settlement.write.pause({ account: t.guardian.account });
    const until = await t.settlement.read.pausedUntil();
    await assertions.revertWithCustomErrorWithArgs(submitAll(), t.settlement, "Paused", [until]);
    await networkHelpers.time.setNextBlockTimestamp(until);
    await submitAll();
    for (const epoch of epochs) {
      assert.equal(await t.settlement.read.isCounted([t.projectId, epoch, 0]), true);
      assert.deepEqual(await t.settlement.read.pending([t.nodeId, epoch]), [1_000n, 500]);
    }
  });

  it("takes a batch from anyone who brings it", async () => {
    const t = await networkHelpers.loadFixture(serving);
    await moveToEpoch(t, t.epoch + 1);
    const { nodeId, epoch, statements, receipts, signature } = await sign(t);
    await assertions.emit(
      t.settlement.write.submit([nodeId, epoch, statements, receipts, signature], {
        account: t.nodeOwner2.account,
      }),
      t.settlement,
      "BatchCounted",
    );
  });
});
