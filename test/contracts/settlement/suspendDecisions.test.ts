import assert from "node:assert/strict";
import { type Address, encodeFunctionData } from "viem";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { disputeCounted } from "../support/dispute.ts";
import { announce } from "../support/governance.ts";
import { disputeParametersOf } from "../support/hostile.ts";
import { networkHelpers } from "../support/network.ts";
import { addressOf, assertions, currentEpoch, moveToEpoch, submitUsage, USD } from "../support/scenario.ts";
import { AMOUNT, counted, FEE, type Serving, serving } from "../support/settlement.ts";

const BOND = 5n * USD;

/** The receipt is disputed, and the guardian suspended decisions in the same epoch. */
async function suspended() {
  const t = await counted();
  await disputeCounted(t, { ...t, amount: AMOUNT });
  const openedIn = await currentEpoch(t);
  await suspend(t);
  return { ...t, openedIn, until: openedIn + 30 };
}
type Suspended = Awaited<ReturnType<typeof suspended>>;

const suspend = (t: Serving) => t.settlement.write.suspendDecisions({ account: t.guardian.account });
const dispute = (t: Serving) => [t.projectId, t.nodeId, t.epoch] as const;
const decide = (t: Serving, guilty = true, by = t.arbiter) =>
  t.settlement.write.decide([...dispute(t), guilty, 0n, 0n], { account: by.account });
const extend = (t: Serving) => t.settlement.write.extend(dispute(t), { account: t.arbiter.account });
const refusesDecisions = async (t: Suspended) => {
  for (const call of [() => decide(t), () => decide(t, false), () => extend(t)]) {
    await assertions.revertWithCustomErrorWithArgs(call(), t.settlement, "DecisionsAreSuspended", [t.until]);
  }
};
const refusesUntil = (t: Serving, earliest: number) =>
  assertions.revertWithCustomErrorWithArgs(suspend(t), t.settlement, "SuspensionTooSoon", [earliest]);

/** Parameters with this arbiter, set in the first second of `epoch`. */
async function nameArbiter(t: Serving, arbiter: Address, epoch: number) {
  const args = [{ ...disputeParametersOf(t), arbiter }] as const;
  const { abi } = t.settlement;
  await announce(t, t.settlement, encodeFunctionData({ abi, functionName: "setParameters", args }));
  await atFirstSecondOf(t, epoch);
  return t.settlement.write.setParameters(args, { account: t.admin.account });
}

/** The events `DecisionsSuspended` of a transaction. */
async function suspensionsIn(t: Serving, hash: `0x${string}`) {
  const { blockHash } = await t.publicClient.getTransactionReceipt({ hash });
  const events = await t.settlement.getEvents.DecisionsSuspended({ blockHash });
  return events.map(({ args }) => args.untilEpoch);
}

describe("UsageSettlement.suspendDecisions", () => {
  it("keeps the arbiter from deciding and from taking more time, for 30 epochs", async () => {
    const t = await networkHelpers.loadFixture(counted);
    assert.equal(await t.settlement.read.decisionsSuspendedUntil(), 0);
    const epoch = await currentEpoch(t);
    await assertions.emitWithArgs(suspend(t), t.settlement, "DecisionsSuspended", [epoch + 30]);
    assert.equal(await t.settlement.read.decisionsSuspendedUntil(), epoch + 30);
    await disputeCounted(t, { ...t, amount: AMOUNT });
    await refusesDecisions({ ...t, openedIn: epoch, until: epoch + 30 });
  });

  it("is the guardian's alone, who needs no delay for it", async () => {
    const t = await networkHelpers.loadFixture(counted);
    for (const by of [t.arbiter, t.admin, t.deployer, t.owner, t.nodeOwner1, t.stranger]) {
      await assertions.revertWithCustomErrorWithArgs(
        t.settlement.write.suspendDecisions({ account: by.account }),
        t.settlement,
        "AccessManagedUnauthorized",
        [addressOf(by)],
      );
    }
    await assertions.emit(suspend(t), t.settlement, "DecisionsSuspended");
  });

  it("lets no window grow: what ends meanwhile is drawn, and pays the node", async () => {
    const t = await networkHelpers.loadFixture(suspended);
    await atLastSecondOf(t, t.openedIn + 5);
    await refusesDecisions(t);
    await atFirstSecondOf(t, t.openedIn + 6);
    await t.settlement.write.draw(dispute(t), { account: t.stranger.account });
    assert.deepEqual(await t.settlement.read.payableOf([t.nodeId]), [AMOUNT - FEE, FEE]);
    assert.equal(await t.escrow.read.refundOf([addressOf(t.owner)]), BOND);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).stake, 12_000n * USD);
  });

  it("leaves disputes, releases and claims as they are", async () => {
    const t = await networkHelpers.loadFixture(suspended);
    const { nodeId, projectId, epoch } = t;
    await moveToEpoch(t, epoch + 2);
    const batch = await submitUsage(t, { nodeId, epoch: epoch + 1, receipts: [{ projectId }] });
    await t.settlement.write.release([nodeId, epoch + 1, batch.statements, batch.lines, 0n, "0x"], {
      account: t.owner.account,
    });
    await assertions.emit(t.settlement.write.claim([nodeId, []]), t.settlement, "Claimed");
  });

  it("ends by itself with the first second of the 30th epoch", async () => {
    const t = await networkHelpers.loadFixture(suspended);
    const { nodeId, projectId, until } = t;
    await moveToEpoch(t, until - 1);
    const batch = await submitUsage(t, { nodeId, epoch: until - 2, receipts: [{ projectId }] });
    const late = { ...t, ...batch, epoch: until - 2 };
    await disputeCounted(late, { ...late, amount: 1_000n });
    await atLastSecondOf(t, until - 1);
    await refusesDecisions(late);
    await atFirstSecondOf(t, until);
    await assertions.emit(decide(late), t.settlement, "Decided");
  });

  it("cannot be chained: the next begins 30 epochs after the end of the last", async () => {
    const t = await networkHelpers.loadFixture(suspended);
    await refusesUntil(t, t.until + 30);
    await moveToEpoch(t, t.until);
    await refusesUntil(t, t.until + 30);
    await atLastSecondOf(t, t.until + 29);
    await refusesUntil(t, t.until + 30);
    await atFirstSecondOf(t, t.until + 30);
    await assertions.emitWithArgs(suspend(t), t.settlement, "DecisionsSuspended", [t.until + 60]);
  });

  it("ends when the same arbiter is named again, and cannot begin again for 30 epochs from then", async () => {
    const t = await networkHelpers.loadFixture(suspended);
    const named = t.openedIn + 4;
    const hash = await nameArbiter(t, addressOf(t.arbiter), named);
    assert.deepEqual(await suspensionsIn(t, hash), [named]);
    assert.equal(await t.settlement.read.decisionsSuspendedUntil(), named);
    await refusesUntil(t, named + 30);
    await assertions.emit(decide(t), t.settlement, "Decided");
    await atLastSecondOf(t, named + 29);
    await refusesUntil(t, named + 30);
    await atFirstSecondOf(t, named + 30);
    await assertions.emit(suspend(t), t.settlement, "DecisionsSuspended");
  });

  it("ends when another arbiter is named, and may begin again at once: nobody knows the new one yet", async () => {
    const t = await networkHelpers.loadFixture(suspended);
    const named = t.openedIn + 4;
    const hash = await nameArbiter(t, addressOf(t.stranger), named);
    assert.deepEqual(await suspensionsIn(t, hash), [0]);
    await assertions.revertWithCustomErrorWithArgs(decide(t), t.settlement, "NotArbiter", [
      addressOf(t.arbiter),
      addressOf(t.stranger),
    ]);
    await suspend(t);
    assert.equal(await t.settlement.read.decisionsSuspendedUntil(), named + 30);
    await assertions.revertWithCustomErrorWithArgs(
      decide(t, true, t.stranger),
      t.settlement,
      "DecisionsAreSuspended",
      [named + 30],
    );
  });

  it("may begin again at once too when another arbiter is named after its end", async () => {
    const t = await networkHelpers.loadFixture(suspended);
    await moveToEpoch(t, t.until + 1);
    await nameArbiter(t, addressOf(t.stranger), t.until + 6);
    await assertions.emitWithArgs(suspend(t), t.settlement, "DecisionsSuspended", [t.until + 36]);
  });

  it("is not touched by parameters that are set while nothing is suspended", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const never = await nameArbiter(t, addressOf(t.arbiter), t.epoch + 5);
    assert.deepEqual(await suspensionsIn(t, never), []);
    const over = await networkHelpers.loadFixture(suspended);
    await moveToEpoch(over, over.until + 1);
    const hash = await nameArbiter(over, addressOf(over.arbiter), over.until + 6);
    assert.deepEqual(await suspensionsIn(over, hash), []);
    await refusesUntil(over, over.until + 30);
  });
});
