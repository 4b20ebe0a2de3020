import assert from "node:assert/strict";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { countUsage, disputeCounted, slashNode } from "../support/dispute.ts";
import { networkHelpers } from "../support/network.ts";
import {
  addressOf,
  assertions,
  createProject,
  currentEpoch,
  fundWallet,
  moveToEpoch,
  registerNode,
  USD,
  type Wallet,
} from "../support/scenario.ts";
import { AMOUNT, counted, FEE, STATUS } from "../support/settlement.ts";

const BOND = 5n * USD;
const STAKE = 12_000n * USD;
/** 100 times the amount, and 5 USD. */
const MOST_SLASH = 100n * AMOUNT + 5n * USD;
const UINT64 = 2n ** 64n - 1n;
const CREDIT = 1_000n * USD;

/** The receipt is disputed. */
async function disputed() {
  const t = await counted();
  await fundWallet(t, t.owner, BOND);
  await t.settlement.write.dispute([t.nodeId, t.epoch, t.statements, t.lines, 0n, BOND, "It lied."], {
    account: t.owner.account,
  });
  return { ...t, openedIn: await currentEpoch(t) };
}
type Disputed = Awaited<ReturnType<typeof disputed>>;

/** Another receipt, of 1 or 3 USD, of a project whose seats may charge as much, is disputed. */
async function disputedDear(amount: bigint) {
  const t = await disputed();
  const projectId = await createProject(t, { nodeIds: [t.nodeId], cap: amount, credit: 2n * amount });
  const dear = await countUsage(t, { nodeId: t.nodeId, projectId, cpuMs: 50n * amount });
  await disputeCounted(t, dear);
  return { ...t, ...dear };
}
const disputedOneDollar = () => disputedDear(USD);
const disputedThreeDollars = () => disputedDear(3n * USD);

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
    const t = await networkHelpers.loadFixture(disputed);
    const hash = await decide(t, { guilty: true, slash: MOST_SLASH, reward: MOST_SLASH / 2n });
    await assertions.emitWithArgs(hash, t.settlement, "Decided", [
      ...decidedAs(t, true, MOST_SLASH, MOST_SLASH / 2n),
    ]);
    await assertions.emitWithArgs(hash, t.nodes, "Slashed", [t.nodeId, MOST_SLASH, STAKE - MOST_SLASH, 0n]);
    assert.deepEqual(await standing(t), {
      credit: CREDIT,
      held: BOND + MOST_SLASH / 2n,
      fees: MOST_SLASH / 2n,
      refund: BOND + MOST_SLASH / 2n,
      stake: STAKE - MOST_SLASH,
      payable: [0n, 0n],
      escrow: CREDIT + BOND + MOST_SLASH,
    });
    await t.escrow.write.collectRefund([addressOf(t.owner)], { account: t.owner.account });
    assert.equal(await t.usd.read.balanceOf([addressOf(t.owner)]), BOND + MOST_SLASH / 2n);
  });

  it("gives the disputer as little of a slash as the arbiter says, and the network the rest", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    await assertions.emitWithArgs(
      decide(t, { guilty: true, slash: 101n, reward: 1n }),
      t.settlement,
      "Decided",
      [...decidedAs(t, true, 101n, 1n)],
    );
    const { refund, fees } = await standing(t);
    assert.deepEqual([refund, fees], [BOND + 1n, 100n]);
  });

  for (const [what, fixture, asked, given] of [
    ["100 times the amount and 5 USD", disputed, [MOST_SLASH + 1n, 0n], [MOST_SLASH, 0n]],
    ["just that", disputed, [MOST_SLASH, MOST_SLASH / 2n], [MOST_SLASH, MOST_SLASH / 2n]],
    ["bounds of both, from the most there can be", disputed, [UINT64, UINT64], [MOST_SLASH, MOST_SLASH / 2n]],
    ["half of the slash, rounded down", disputed, [101n, 51n], [101n, 50n]],
    ["nothing, where there is no slash", disputed, [0n, 1n], [0n, 0n]],
    ["twice the bond", disputedOneDollar, [UINT64, UINT64], [105n * USD, 2n * BOND]],
    ["what is below twice the bond", disputedOneDollar, [60n * USD, 9n * USD], [60n * USD, 9n * USD]],
    ["`maxSlash`", disputedThreeDollars, [305n * USD, 0n], [200n * USD, 0n]],
  ] as const) {
    it(`cuts slash and reward to their bounds, and is good all the same: ${what}`, async () => {
      const t = await networkHelpers.loadFixture(fixture);
      const [slash, reward] = asked;
      const before = await standing(t);
      const hash = decide(t, { guilty: true, slash, reward });
      await assertions.emitWithArgs(hash, t.settlement, "Decided", [
        ...decidedAs(t, true, given[0], given[1]),
      ]);
      const after = await standing(t);
      assert.equal(before.stake - after.stake, given[0]);
      assert.equal(after.refund - before.refund, BOND + given[1]);
      assert.equal(after.fees - before.fees, given[0] - given[1]);
    });
  }

  it("takes no more than what slashes of this epoch left of their share, and rewards no more than half of that", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    const left = 3n;
    await slashBefore(t, left);
    const before = await standing(t);
    await assertions.emitWithArgs(
      decide(t, { guilty: true, slash: MOST_SLASH, reward: MOST_SLASH / 2n }),
      t.settlement,
      "Decided",
      [...decidedAs(t, true, left, 1n)],
    );
    const after = await standing(t);
    assert.equal(after.stake, STAKE - STAKE / 5n);
    assert.equal(after.refund - before.refund, BOND + 1n);
    assert.equal(after.fees - before.fees, 2n);
    assert.equal(after.escrow - before.escrow, left);
    assert.equal(after.escrow, after.credit + after.held + after.fees);
  });

  it("decides against a node whose share of slashes is used up, and slashes nothing", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    await slashBefore(t, 0n);
    await assertions.emitWithArgs(
      decide(t, { guilty: true, slash: MOST_SLASH, reward: MOST_SLASH / 2n }),
      t.settlement,
      "Decided",
      [...decidedAs(t, true, 0n, 0n)],
    );
    const { credit, refund, fees } = await standing(t);
    assert.deepEqual([credit, refund, fees], [CREDIT, BOND, 0n]);
  });

  it("retires a node whose stake is below the least after the slash, unless it is added to in time", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    const nodeId = await registerNode(t, { stake: 1_000n * USD });
    const projectId = await createProject(t, { nodeIds: [nodeId] });
    const { hash } = await slashNode(t, { nodeId, projectId, slash: 1n });
    const epoch = await currentEpoch(t);
    await assertions.emitWithArgs(hash, t.nodes, "Retired", [nodeId, epoch + 2, true]);
    const { retiredFrom, stake } = await t.nodes.read.nodeOf([nodeId]);
    assert.deepEqual([retiredFrom, stake], [epoch + 2, 1_000n * USD - 1n]);
    await fundWallet(t, t.owner, 1n);
    await t.nodes.write.addStake([nodeId, 1n], { account: t.owner.account });
    assert.equal((await t.nodes.read.nodeOf([nodeId])).retiredFrom, 0);
  });

  it("reaches stake that is on its way out, up to the last epoch of the decision", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    await t.nodes.write.requestUnstake([t.nodeId, STAKE], { account: t.nodeOwner1.account });
    await moveToEpoch(t, t.openedIn + 5);
    await decide(t, { guilty: true, slash: MOST_SLASH });
    const { stake, thawing } = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([stake, thawing], [STAKE - MOST_SLASH, STAKE - MOST_SLASH]);
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

  it("slashes and rewards nobody for an innocent node, whatever slash and reward come with it", async () => {
    const t = await networkHelpers.loadFixture(disputed);
    await assertions.emitWithArgs(
      decide(t, { guilty: false, slash: UINT64, reward: UINT64 }),
      t.settlement,
      "Decided",
      [...decidedAs(t, false, 0n, 0n)],
    );
    const { stake, refund, fees, payable } = await standing(t);
    assert.deepEqual([stake, refund, fees], [STAKE, 0n, 0n]);
    assert.deepEqual(payable, [AMOUNT - FEE + BOND, FEE]);
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
      await assertions.revertWithCustomErrorWithArgs(decide(t, { guilty }), t.settlement, "DecisionTooLate", [
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
    await t.projects.write.acceptOwnership([t.projectId, []], { account: t.stranger.account });
    await decide(t, { guilty: true });
    assert.equal(await t.escrow.read.refundOf([addressOf(t.owner)]), BOND);
    assert.equal(await t.escrow.read.refundOf([addressOf(t.stranger)]), 0n);
    assert.equal((await standing(t)).credit, CREDIT);
  });
});

/** Takes stake as earlier decisions of this epoch would have, until `left` of a fifth is; where it went is no matter here. */
async function slashBefore(t: Disputed, left: bigint): Promise<void> {
  const settlement = t.settlement.address;
  await networkHelpers.impersonateAccount(settlement);
  await networkHelpers.setBalance(settlement, 10n ** 18n);
  const slash = STAKE / 5n - left;
  await t.nodes.write.slash([t.nodeId, slash, addressOf(t.stranger)], { account: settlement });
  await networkHelpers.stopImpersonatingAccount(settlement);
}
