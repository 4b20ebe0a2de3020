import assert from "node:assert/strict";
import type { Hex } from "viem";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { networkHelpers, viem } from "../support/network.ts";
import {
  addressOf,
  assertions,
  encodeLines,
  moveToEpoch,
  submitUsage,
  USD,
  type Wallet,
} from "../support/scenario.ts";
import {
  AMOUNT,
  batchHash,
  type Counted,
  counted,
  countedTwo,
  FEE,
  STATUS,
  signRelease,
} from "../support/settlement.ts";

const release = (t: Counted, options: { by?: Wallet; signature?: Hex; index?: bigint; lines?: Hex } = {}) =>
  t.settlement.write.release(
    [
      t.nodeId,
      t.epoch,
      t.statements,
      options.lines ?? t.lines,
      options.index ?? 0n,
      options.signature ?? "0x",
    ],
    { account: (options.by ?? t.owner).account },
  );
const theReceipt = ({ projectId, nodeId, epoch }: Counted) => ({ projectId, nodeId, epoch, amount: AMOUNT });
const refusesSignature = (t: Counted, signature: Hex) =>
  assertions.revertWithCustomErrorWithArgs(
    release(t, { by: t.stranger, signature }),
    t.settlement,
    "NotReleasable",
    [t.projectId, addressOf(t.stranger)],
  );

async function withMeter() {
  const t = await counted();
  await t.projects.write.setMeter([t.projectId, addressOf(t.admin)], { account: t.owner.account });
  return { ...t, meter: t.admin };
}

describe("UsageSettlement.release", () => {
  it("makes a counted receipt payable at once, its fee rounded up, when the project's owner says so", async () => {
    const t = await networkHelpers.loadFixture(counted);
    await assertions.emitWithArgs(release(t), t.settlement, "Released", [
      t.projectId,
      t.nodeId,
      t.epoch,
      AMOUNT,
    ]);
    assert.deepEqual(await t.settlement.read.payableOf([t.nodeId]), [AMOUNT - FEE, FEE]);
    assert.deepEqual(await t.settlement.read.pending([t.nodeId, t.epoch]), [0n, 500]);
    assert.equal(
      (await t.settlement.read.statusOf([t.projectId, t.nodeId, t.epoch])).status,
      STATUS.released,
    );
    // Nothing left the escrow yet.
    assert.equal(await t.escrow.read.held(), AMOUNT);
  });

  it("takes one receipt of a batch and leaves the others", async () => {
    const t = await networkHelpers.loadFixture(countedTwo);
    await release(t, { index: 1n });
    assert.deepEqual(await t.settlement.read.pending([t.nodeId, t.epoch]), [AMOUNT, 500]);
    assert.deepEqual(await t.settlement.read.payableOf([t.nodeId]), [1_900n, 100n]);
    const status = async (projectId: bigint) =>
      (await t.settlement.read.statusOf([projectId, t.nodeId, t.epoch])).status;
    assert.deepEqual(
      [await status(t.projectId), await status(t.secondId)],
      [STATUS.untouched, STATUS.released],
    );
  });

  it("takes the meter's signature from anyone", async () => {
    const t = await networkHelpers.loadFixture(withMeter);
    const signature = await signRelease(t, t.meter, theReceipt(t));
    await assertions.emitWithArgs(release(t, { by: t.stranger, signature }), t.settlement, "Released", [
      t.projectId,
      t.nodeId,
      t.epoch,
      AMOUNT,
    ]);
    assert.deepEqual(await t.settlement.read.payableOf([t.nodeId]), [AMOUNT - FEE, FEE]);
  });

  it("takes the word of a meter that is a contract, as ERC-1271 has it", async () => {
    const t = await networkHelpers.loadFixture(counted);
    const meter = await viem.deployContract("ContractSigner", [addressOf(t.admin)]);
    await t.projects.write.setMeter([t.projectId, meter.address], { account: t.owner.account });
    await refusesSignature(t, await signRelease(t, t.guardian, theReceipt(t)));
    const signature = await signRelease(t, t.admin, theReceipt(t));
    await assertions.emit(release(t, { by: t.stranger, signature }), t.settlement, "Released");
  });

  it("refuses a stranger without a signature, and the node's own people", async () => {
    const t = await networkHelpers.loadFixture(withMeter);
    for (const by of [t.stranger, t.nodeOwner1, t.operator1, t.meter]) {
      await assertions.revertWithCustomErrorWithArgs(release(t, { by }), t.settlement, "NotReleasable", [
        t.projectId,
        addressOf(by),
      ]);
    }
  });

  it("refuses a meter's signature over another amount, epoch, node or project, and another's signature", async () => {
    const t = await networkHelpers.loadFixture(withMeter);
    const receipt = theReceipt(t);
    for (const message of [
      { ...receipt, amount: AMOUNT - 1n },
      { ...receipt, epoch: t.epoch + 1 },
      { ...receipt, nodeId: t.otherNodeId },
      { ...receipt, projectId: t.projectId + 1n },
    ]) {
      await refusesSignature(t, await signRelease(t, t.meter, message));
    }
    await refusesSignature(t, await signRelease(t, t.operator1, receipt));
    await refusesSignature(t, await signRelease(t, t.owner, receipt));
  });

  it("refuses every signature where the project has no meter, or has another owner since", async () => {
    const t = await networkHelpers.loadFixture(withMeter);
    const signature = await signRelease(t, t.meter, theReceipt(t));
    await t.projects.write.transferOwnership([t.projectId, addressOf(t.guardian)], {
      account: t.owner.account,
    });
    await t.projects.write.acceptOwnership([t.projectId, []], { account: t.guardian.account });
    await refusesSignature(t, signature);
    await refusesSignature(t, `0x${"00".repeat(65)}`);
    await assertions.revertWithCustomErrorWithArgs(release(t), t.settlement, "NotReleasable", [
      t.projectId,
      addressOf(t.owner),
    ]);
    await assertions.emit(release(t, { by: t.guardian }), t.settlement, "Released");
  });

  it("stays open to the last second of e+7, and closes with the first of e+8", async () => {
    const t = await networkHelpers.loadFixture(counted);
    await atFirstSecondOf(t, t.epoch + 8);
    await assertions.revertWithCustomErrorWithArgs(release(t), t.settlement, "WindowClosed", [
      t.epoch,
      t.epoch + 7,
    ]);
    await atLastSecondOf(t, t.epoch + 7);
    await assertions.emit(release(t), t.settlement, "Released");
  });

  it("refuses lines that no batch has: another amount, a line more, the wrong epoch", async () => {
    const t = await networkHelpers.loadFixture(counted);
    const dearer = encodeLines([{ projectId: t.projectId, cpuMs: 5_000_050n, amount: AMOUNT + 1n }]);
    for (const lines of [dearer, `${t.lines}${t.lines.slice(2)}`, "0x"] as Hex[]) {
      await assertions.revertWithCustomErrorWithArgs(release(t, { lines }), t.settlement, "UnknownBatch", [
        t.nodeId,
        t.epoch,
        batchHash({ ...t, lines }),
      ]);
    }
    await assertions.revertWithCustomErrorWithArgs(
      release({ ...t, epoch: t.epoch - 1 }),
      t.settlement,
      "UnknownBatch",
      [t.nodeId, t.epoch - 1, batchHash({ ...t, epoch: t.epoch - 1 })],
    );
  });

  it("refuses a line that the batch does not have", async () => {
    const t = await networkHelpers.loadFixture(counted);
    for (const index of [1n, 2n ** 256n - 1n]) {
      await assertions.revertWithCustomErrorWithArgs(release(t, { index }), t.settlement, "NoSuchLine", [
        index,
        1n,
      ]);
    }
  });

  it("refuses what was released or disputed before", async () => {
    const t = await networkHelpers.loadFixture(countedTwo);
    await release(t);
    const again = (projectId: bigint, status: number) => [projectId, t.nodeId, t.epoch, status] as const;
    await assertions.revertWithCustomErrorWithArgs(release(t), t.settlement, "AlreadyTouched", [
      ...again(t.projectId, STATUS.released),
    ]);
    await t.settlement.write.dispute([t.nodeId, t.epoch, t.statements, t.lines, 1n, 5n * USD, ""], {
      account: t.owner.account,
    });
    await assertions.revertWithCustomErrorWithArgs(
      release(t, { index: 1n }),
      t.settlement,
      "AlreadyTouched",
      [...again(t.secondId, STATUS.disputed)],
    );
    await t.settlement.write.decide([t.secondId, t.nodeId, t.epoch, true, 0n, 0n], {
      account: t.arbiter.account,
    });
    await assertions.revertWithCustomErrorWithArgs(
      release(t, { index: 1n }),
      t.settlement,
      "AlreadyTouched",
      [...again(t.secondId, STATUS.settled)],
    );
  });

  it("releases the same project's receipts of two epochs each by itself", async () => {
    const t = await networkHelpers.loadFixture(counted);
    await moveToEpoch(t, t.epoch + 2);
    const next = { ...t, epoch: t.epoch + 1 };
    const batch = await submitUsage(t, {
      nodeId: t.nodeId,
      epoch: next.epoch,
      receipts: [{ projectId: t.projectId }],
    });
    await release(t);
    await release({ ...next, ...batch });
    assert.deepEqual(await t.settlement.read.payableOf([t.nodeId]), [AMOUNT - FEE + 950n, FEE + 50n]);
  });
});
