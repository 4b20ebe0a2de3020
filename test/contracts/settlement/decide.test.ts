import assert from "node:assert/strict";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { networkHelpers } from "../support/network.ts";
import {
  addressOf,
  assertions,
  currentEpoch,
  fundWallet,
  moveToEpoch,
  USD,
  type Wallet,
} from "../support/scenario.ts";
import { AMOUNT, counted, FEE, STATUS } from "../support/settlement.ts";

const BOND = 5n * USD;
const STAKE = 1_000n * USD;
const MAX_SLASH = 200n * USD;
const CREDIT = 1_000n * USD;

/** The receipt is disputed. */
async function disputed() {
  const t = await counted();
  await fundWallet(t, t.owner, BOND);
  await t.settlement.write.dispute([t.nodeId, t.epoch, t.statements, t.lines, 0n, "It lied."], {
    account: t.owner.account,
  });
  return { ...t, openedIn: await currentEpoch(t) };
}
type Disputed = Awaited<ReturnType<typeof disputed>>;

/** The same against a node with three times the least stake. */
async function disputedAndWealthy() {
  const t = await disputed();
  await fundWallet(t, t.stranger, 2n * STAKE);
  await t.nodes.write.addStake([t.nodeId, 2n * STAKE], { account: t.stranger.account });
  return t;
}

interface Ruling {
  guilty: boolean;
  slash?: bigint;
  reward?: bigint;
  by?: Wallet;
}
const decide = (t: Disputed, { guilty, slash = 0n, reward = 0n, by = t.arbiter }: Ruling) =>
  t.settlement.write.decide([t.projectId, t.nodeId, t.epoch, guilty, slash, reward], {
    account: by.account,
  });
const refusesBounds = (t: Disputed, guilty: boolean, slash: bigint, reward: bigint) =>
  assertions.revertWithCustomErrorWithArgs(
    decide(t, { guilty, slash, reward }),
    t.settlement,
    "SlashOutOfBounds",
    [guilty, slash, reward, MAX_SLASH],
  );
const decidedAs = (t: Disputed, guilty: boolean, slashed: bigint, reward: bigint) =>
  [t.projectId, t.nodeId, t.epoch, guilty, slashed, reward] as const;

/** What stands where, in one object. */
async function standing(t: Disputed) {
  return {
    credit: (await t.escrow.read.accountOf([t.projectId])).balance,
    held: await t.escrow.read.held(),
    fees: await t.escrow.read.fees(),
    refund: await t.escrow.read.refundOf([addressOf(t.owner)]),
    stake: (await t.nodes.read.nodeOf([t.nodeId])).stake,
    payable: await t.settlement.read.payableOf([t.nodeId]),
    escrow: await t.usd.read.balanceOf([t.escrow.address]),
  };
}

describe("UsageSettlement.decide", () => {
  it("guilty: the amount returns to the credit and the bond to the disputer, without a slash too", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    const hash = await decide(t, { guilty: true });
    await assertions.emitWithArgs(hash, t.settlement, "Decided", [...decidedAs(t, true, 0n, 0n)]);
    await assertions.emitWithArgs(hash, t.escrow, "Refunded", [t.projectId, AMOUNT, CREDIT]);
    await assertions.emitWithArgs(hash, t.escrow, "RefundOwed", [addressOf(t.owner), BOND, BOND]);
    assert.deepEqual(await standing(t), {
      credit: CREDIT,
      held: BOND,
      fees: 0n,
      refund: BOND,
      stake: STAKE,
      payable: [0n, 0n],
      escrow: CREDIT + BOND,
    });
    assert.equal((await t.settlement.read.statusOf([t.projectId, t.nodeId, t.epoch])).status, STATUS.settled);
    // The node is no worse than before: it goes on.
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).retiredFrom, 0);
  });

  it("guilty: takes the slash from the stake, half of it for the disputer, the rest for the network", async () => {
    const t = await networkHelpers.loadFixture(disputedAndWealthy);
    const hash = await decide(t, { guilty: true, slash: MAX_SLASH, reward: MAX_SLASH / 2n });
    await assertions.emitWithArgs(hash, t.settlement, "Decided", [
      ...decidedAs(t, true, MAX_SLASH, MAX_SLASH / 2n),
    ]);
    await assertions.emitWithArgs(hash, t.nodes, "Slashed", [
      t.nodeId,
      MAX_SLASH,
      3n * STAKE - MAX_SLASH,
      0n,
    ]);
    assert.deepEqual(await standing(t), {
      credit: CREDIT,
      held: BOND + MAX_SLASH / 2n,
      fees: MAX_SLASH / 2n,
      refund: BOND + MAX_SLASH / 2n,
      stake: 3n * STAKE - MAX_SLASH,
      payable: [0n, 0n],
      escrow: CREDIT + BOND + MAX_SLASH,
    });
    await t.escrow.write.collectRefund({ account: t.owner.account });
    assert.equal(await t.usd.read.balanceOf([addressOf(t.owner)]), BOND + MAX_SLASH / 2n);
  });

  it("gives the disputer as little of a slash as the arbiter says, and the network the rest", async () => {
    const t = await networkHelpers.loadFixture(disputedAndWealthy);
    await assertions.emitWithArgs(
      decide(t, { guilty: true, slash: 101n, reward: 1n }),
      t.settlement,
      "Decided",
      [...decidedAs(t, true, 101n, 1n)],
    );
    const { refund, fees } = await standing(t);
    assert.deepEqual([refund, fees], [BOND + 1n, 100n]);
  });

  it("slashes no more than `maxSlash` and rewards no more than half of it, rounded down", async () => {
    const t = await networkHelpers.loadFixture(disputedAndWealthy);
    await refusesBounds(t, true, MAX_SLASH + 1n, 0n);
    await refusesBounds(t, true, MAX_SLASH, MAX_SLASH / 2n + 1n);
    await refusesBounds(t, true, 101n, 51n);
    await refusesBounds(t, true, 0n, 1n);
    await assertions.emit(decide(t, { guilty: true, slash: 101n, reward: 50n }), t.settlement, "Decided");
  });

  it("takes no more than the stake, and rewards no more than half of what it took", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    const left = 3n;
    await drainStake(t, left);
    const before = await standing(t);
    await assertions.emitWithArgs(
      decide(t, { guilty: true, slash: MAX_SLASH, reward: MAX_SLASH / 2n }),
      t.settlement,
      "Decided",
      [...decidedAs(t, true, left, 1n)],
    );
    const after = await standing(t);
    assert.equal(after.stake, 0n);
    assert.equal(after.refund - before.refund, BOND + 1n);
    assert.equal(after.fees - before.fees, 2n);
    assert.equal(after.escrow - before.escrow, left);
    assert.equal(after.escrow, after.credit + after.held + after.fees);
  });

  it("decides against a node without any stake left, and slashes nothing", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    await drainStake(t, 0n);
    await assertions.emitWithArgs(
      decide(t, { guilty: true, slash: MAX_SLASH, reward: MAX_SLASH / 2n }),
      t.settlement,
      "Decided",
      [...decidedAs(t, true, 0n, 0n)],
    );
    const { credit, refund, fees } = await standing(t);
    assert.deepEqual([credit, refund, fees], [CREDIT, BOND, 0n]);
  });

  it("retires a node whose stake is below the least after the slash, from the next epoch on", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    const epoch = await currentEpoch(t);
    const hash = await decide(t, { guilty: true, slash: 1n });
    await assertions.emitWithArgs(hash, t.nodes, "Retired", [t.nodeId, epoch + 1]);
    const { retiredFrom, stake } = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([retiredFrom, stake], [epoch + 1, STAKE - 1n]);
  });

  it("reaches stake that is on its way out, up to the last epoch of the decision", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    await t.nodes.write.requestUnstake([t.nodeId, STAKE], { account: t.nodeOwner1.account });
    await moveToEpoch(t, t.openedIn + 5);
    await decide(t, { guilty: true, slash: MAX_SLASH });
    const { stake, thawing } = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([stake, thawing], [STAKE - MAX_SLASH, STAKE - MAX_SLASH]);
  });

  it("innocent: the amount less the fee and the whole bond are the node's", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    await assertions.emitWithArgs(decide(t, { guilty: false }), t.settlement, "Decided", [
      ...decidedAs(t, false, 0n, 0n),
    ]);
    assert.deepEqual(await standing(t), {
      credit: CREDIT - AMOUNT,
      held: AMOUNT + BOND,
      fees: 0n,
      refund: 0n,
      stake: STAKE,
      payable: [AMOUNT - FEE + BOND, FEE],
      escrow: CREDIT + BOND,
    });
    assert.equal((await t.settlement.read.statusOf([t.projectId, t.nodeId, t.epoch])).status, STATUS.settled);
  });

  it("slashes and rewards nobody for an innocent node", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    await refusesBounds(t, false, 1n, 0n);
    await refusesBounds(t, false, 0n, 1n);
  });

  it("is for the arbiter alone, and says who that is", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    for (const by of [t.owner, t.nodeOwner1, t.admin, t.guardian, t.stranger]) {
      await assertions.revertWithCustomErrorWithArgs(
        decide(t, { guilty: true, by }),
        t.settlement,
        "NotArbiter",
        [addressOf(by), addressOf(t.arbiter)],
      );
    }
  });

  it("stays open to the last second of d+5, and closes with the first of d+6", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    await atFirstSecondOf(t, t.openedIn + 6);
    for (const guilty of [true, false]) {
      await assertions.revertWithCustomErrorWithArgs(decide(t, { guilty }), t.settlement, "DecisionWindow", [
        t.openedIn + 5,
        t.openedIn + 6,
      ]);
    }
    await atLastSecondOf(t, t.openedIn + 5);
    await assertions.emit(decide(t, { guilty: true }), t.settlement, "Decided");
  });

  it("decides once, and only what is disputed", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    const refused = (epoch: number, status: number) =>
      assertions.revertWithCustomErrorWithArgs(
        decide({ ...t, epoch }, { guilty: true }),
        t.settlement,
        "NotDisputed",
        [t.projectId, t.nodeId, epoch, status],
      );
    await refused(t.epoch + 1, STATUS.untouched);
    await decide(t, { guilty: false });
    await refused(t.epoch, STATUS.settled);
  });

  it("gives the bond to who disputed and the amount to the project, also after it changed hands", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    await t.projects.write.transferOwnership([t.projectId, addressOf(t.stranger)], {
      account: t.owner.account,
    });
    await t.projects.write.acceptOwnership([t.projectId], { account: t.stranger.account });
    await decide(t, { guilty: true });
    assert.equal(await t.escrow.read.refundOf([addressOf(t.owner)]), BOND);
    assert.equal(await t.escrow.read.refundOf([addressOf(t.stranger)]), 0n);
    assert.equal((await standing(t)).credit, CREDIT);
  });
});

/** Takes stake as earlier decisions would have, until `left` is there; where it went is no matter here. */
async function drainStake(t: Disputed, left: bigint): Promise<void> {
  const settlement = t.settlement.address;
  await networkHelpers.impersonateAccount(settlement);
  await networkHelpers.setBalance(settlement, 10n ** 18n);
  await t.nodes.write.slash([t.nodeId, STAKE - left, addressOf(t.stranger)], { account: settlement });
  await networkHelpers.stopImpersonatingAccount(settlement);
}
