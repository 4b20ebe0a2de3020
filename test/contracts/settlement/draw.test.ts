import assert from "node:assert/strict";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { networkHelpers } from "../support/network.ts";
import { addressOf, assertions, currentEpoch, fundWallet, moveToEpoch, USD } from "../support/scenario.ts";
import { AMOUNT, type Counted, counted, FEE, STATUS } from "../support/settlement.ts";

const BOND = 5n * USD;

/** Disputed in the last epoch in which that can be: the decision can take until e+12. */
async function disputedLate() {
  const t = await counted();
  await fundWallet(t, t.owner, BOND);
  await moveToEpoch(t, t.epoch + 7);
  await t.settlement.write.dispute([t.nodeId, t.epoch, t.statements, t.lines, 0n, BOND, "It lied."], {
    account: t.owner.account,
  });
  assert.equal(await currentEpoch(t), t.epoch + 7);
  return t;
}

const draw = (t: Counted) =>
  t.settlement.write.draw([t.projectId, t.nodeId, t.epoch], { account: t.stranger.account });

describe("UsageSettlement.draw", () => {
  it("waits for the arbiter to the last second of d+5, and is open to anyone from d+6 on", async () => {
    const t = await networkHelpers.loadFixture(disputedLate);
    await atLastSecondOf(t, t.epoch + 12);
    await assertions.revertWithCustomErrorWithArgs(draw(t), t.settlement, "DrawTooEarly", [
      t.epoch + 12,
      t.epoch + 12,
    ]);
    await atFirstSecondOf(t, t.epoch + 13);
    await assertions.emitWithArgs(draw(t), t.settlement, "Drawn", [t.projectId, t.nodeId, t.epoch]);
  });

  it("gives the amount to the node, less the fee, and the bond back to the disputer", async () => {
    const t = await networkHelpers.loadFixture(disputedLate);
    await moveToEpoch(t, t.epoch + 13);
    const hash = await draw(t);
    const owner = addressOf(t.owner);
    await assertions.emitWithArgs(hash, t.escrow, "RefundOwed", [owner, BOND, BOND]);
    assert.deepEqual(await t.settlement.read.payableOf([t.nodeId]), [AMOUNT - FEE, FEE]);
    assert.equal(await t.escrow.read.refundOf([owner]), BOND);
    assert.equal((await t.escrow.read.accountOf([t.projectId])).balance, 1_000n * USD - AMOUNT);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).stake, 12_000n * USD);
    assert.equal(await t.escrow.read.held(), AMOUNT + BOND);

    await t.settlement.write.claim([t.nodeId, []]);
    await t.escrow.write.collectRefund([addressOf(t.owner)], { account: t.owner.account });
    assert.equal(await t.escrow.read.held(), 0n);
    assert.equal(await t.usd.read.balanceOf([owner]), BOND);
  });

  it("draws once, and only what is disputed", async () => {
    const t = await networkHelpers.loadFixture(disputedLate);
    await moveToEpoch(t, t.epoch + 13);
    await draw(t);
    await assertions.revertWithCustomErrorWithArgs(draw(t), t.settlement, "NotDisputed", [
      t.projectId,
      t.nodeId,
      t.epoch,
      STATUS.settled,
    ]);
    await assertions.revertWithCustomErrorWithArgs(
      t.settlement.write.decide([t.projectId, t.nodeId, t.epoch, true, 0n, 0n], {
        account: t.arbiter.account,
      }),
      t.settlement,
      "NotDisputed",
      [t.projectId, t.nodeId, t.epoch, STATUS.settled],
    );
    await assertions.revertWithCustomErrorWithArgs(
      draw({ ...t, epoch: t.epoch + 1 }),
      t.settlement,
      "NotDisputed",
      [t.projectId, t.nodeId, t.epoch + 1, STATUS.untouched],
    );
  });

  it("does not open what was released", async () => {
    const t = await networkHelpers.loadFixture(counted);
    await t.settlement.write.release([t.nodeId, t.epoch, t.statements, t.lines, 0n, "0x"], {
      account: t.owner.account,
    });
    await moveToEpoch(t, t.epoch + 13);
    await assertions.revertWithCustomErrorWithArgs(draw(t), t.settlement, "NotDisputed", [
      t.projectId,
      t.nodeId,
      t.epoch,
      STATUS.released,
    ]);
  });
});
