import assert from "node:assert/strict";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { disputeCounted } from "../support/dispute.ts";
import { networkHelpers } from "../support/network.ts";
import {
  addressOf,
  assertions,
  currentEpoch,
  moveToEpoch,
  nextEpoch,
  submitUsage,
  USD,
  type Wallet,
} from "../support/scenario.ts";
import { AMOUNT, counted, STATUS, serving } from "../support/settlement.ts";

const STAKE = 12_000n * USD;

/** The receipt is disputed. */
async function disputed() {
  const t = await counted();
  await disputeCounted(t, { ...t, amount: AMOUNT });
  return { ...t, openedIn: await currentEpoch(t) };
}
type Disputed = Awaited<ReturnType<typeof disputed>>;

const dispute = (t: Disputed) => [t.projectId, t.nodeId, t.epoch] as const;
const extend = (t: Disputed, by: Wallet = t.arbiter) =>
  t.settlement.write.extend(dispute(t), { account: by.account });
const decide = (t: Disputed) =>
  t.settlement.write.decide([...dispute(t), true, 5n * USD, 0n], { account: t.arbiter.account });
const draw = (t: Disputed) => t.settlement.write.draw(dispute(t), { account: t.stranger.account });

describe("UsageSettlement.extend", () => {
  it("gives a decision `decide` epochs more, and changes nothing else of the dispute", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    const before = await t.settlement.read.statusOf(dispute(t));
    await assertions.emitWithArgs(extend(t), t.settlement, "Extended", [...dispute(t), t.openedIn + 10]);
    assert.deepEqual(await t.settlement.read.statusOf(dispute(t)), { ...before, extended: true });
  });

  it("keeps a dispute from being drawn until the last second of d+10, and from being decided after it", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    await atLastSecondOf(t, t.openedIn + 5);
    await extend(t);
    await atFirstSecondOf(t, t.openedIn + 6);
    await assertions.revertWithCustomErrorWithArgs(draw(t), t.settlement, "DrawTooEarly", [
      t.openedIn + 10,
      t.openedIn + 6,
    ]);
    await atFirstSecondOf(t, t.openedIn + 11);
    await assertions.revertWithCustomErrorWithArgs(decide(t), t.settlement, "DecisionTooLate", [
      t.openedIn + 10,
      t.openedIn + 11,
    ]);
    await atFirstSecondOf(t, t.openedIn + 11);
    await assertions.emitWithArgs(draw(t), t.settlement, "Drawn", [...dispute(t)]);
  });

  it("lets a dispute be decided in the last second of d+10", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    await extend(t);
    await atLastSecondOf(t, t.openedIn + 10);
    await assertions.revertWithCustomErrorWithArgs(draw(t), t.settlement, "DrawTooEarly", [
      t.openedIn + 10,
      t.openedIn + 10,
    ]);
    await atLastSecondOf(t, t.openedIn + 10);
    await assertions.emit(decide(t), t.settlement, "Decided");
  });

  it("can be done once", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    await extend(t);
    for (const epoch of [t.openedIn + 1, t.openedIn + 6]) {
      await moveToEpoch(t, epoch);
      await assertions.revertWithCustomErrorWithArgs(extend(t), t.settlement, "AlreadyExtended", [
        ...dispute(t),
      ]);
    }
  });

  it("can be done while the dispute can be decided, not after that", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    await atFirstSecondOf(t, t.openedIn + 6);
    await assertions.revertWithCustomErrorWithArgs(extend(t), t.settlement, "DecisionTooLate", [
      t.openedIn + 5,
      t.openedIn + 6,
    ]);
    await atFirstSecondOf(t, t.openedIn + 6);
    await assertions.emit(draw(t), t.settlement, "Drawn");
  });

  it("is for the arbiter alone, and for what is disputed", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    for (const by of [t.owner, t.nodeOwner1, t.guardian, t.admin, t.stranger]) {
      await assertions.revertWithCustomErrorWithArgs(extend(t, by), t.settlement, "NotArbiter", [
        addressOf(by),
        addressOf(t.arbiter),
      ]);
    }
    const refused = (epoch: number, status: number) =>
      assertions.revertWithCustomErrorWithArgs(extend({ ...t, epoch }), t.settlement, "NotDisputed", [
        t.projectId,
        t.nodeId,
        epoch,
        status,
      ]);
    await refused(t.epoch + 1, STATUS.untouched);
    await decide(t);
    await refused(t.epoch, STATUS.settled);
  });
});

describe("The thaw of a stake", () => {
  it("outlives the last decision: what is asked back in the epoch of the usage is slashed 17 epochs later", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const { nodeId, projectId, epoch } = t;
    const owner = { account: t.nodeOwner1.account };
    await t.nodes.write.requestUnstake([nodeId, STAKE], owner);

    // Each step takes the last epoch in which it can be taken.
    await nextEpoch(t, 4);
    const receipts = [{ projectId, cpuMs: 5_000_050n }];
    const batch = await submitUsage(t, { nodeId, epoch, receipts });
    await moveToEpoch(t, epoch + 7);
    const opened = { ...t, ...batch, openedIn: epoch + 7 };
    await disputeCounted(t, { ...opened, amount: AMOUNT });
    await moveToEpoch(t, epoch + 12);
    await extend(opened);
    await atLastSecondOf(t, epoch + 17);
    await decide(opened);
    assert.equal((await t.nodes.read.nodeOf([nodeId])).thawing, STAKE - 5n * USD);

    await atLastSecondOf(t, epoch + 19);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.withdrawStake([nodeId], owner),
      t.nodes,
      "StakeStillThaws",
      [nodeId, epoch + 19],
    );
    await atFirstSecondOf(t, epoch + 20);
    await t.nodes.write.withdrawStake([nodeId], owner);
    assert.equal(await t.usd.read.balanceOf([addressOf(t.nodeOwner1)]), STAKE - 5n * USD);
  });
});
