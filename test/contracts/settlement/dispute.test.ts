import assert from "node:assert/strict";
import { encodeFunctionData, getAddress, type Hex } from "viem";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { announceAndWait } from "../support/governance.ts";
import { disputeParametersOf, withAsset } from "../support/hostile.ts";
import { networkHelpers, viem } from "../support/network.ts";
import {
  addressOf,
  assertions,
  createProject,
  currentEpoch,
  fundWallet,
  moveToEpoch,
  nextEpoch,
  registerNode,
  submitUsage,
  USD,
  type Wallet,
} from "../support/scenario.ts";
import { AMOUNT, batchHash, type Counted, counted, countedTwo, STATUS } from "../support/settlement.ts";

const MIN_BOND = 5n * USD;
const REASON = "The statement was not served.";

/** The receipt is counted and the owner has 100 USD, all of it allowed to the escrow. */
async function disputable() {
  const t = await counted();
  await fundWallet(t, t.owner, 100n * USD);
  return t;
}

const dispute = (t: Counted, options: { by?: Wallet; index?: bigint; lines?: Hex; maxBond?: bigint } = {}) =>
  t.settlement.write.dispute(
    [
      t.nodeId,
      t.epoch,
      t.statements,
      options.lines ?? t.lines,
      options.index ?? 0n,
      options.maxBond ?? 100n * USD,
      REASON,
    ],
    { account: (options.by ?? t.owner).account },
  );

describe("UsageSettlement.dispute", () => {
  it("freezes the amount outside the bucket and takes the least bond, until there is a decision", async () => {
    const t = await networkHelpers.loadFixture(disputable);
    const owner = addressOf(t.owner);
    await assertions.emitWithArgs(dispute(t), t.settlement, "Disputed", [
      t.projectId,
      t.nodeId,
      t.epoch,
      owner,
      AMOUNT,
      MIN_BOND,
      batchHash(t),
      REASON,
    ]);
    assert.deepEqual(await t.settlement.read.statusOf([t.projectId, t.nodeId, t.epoch]), {
      status: STATUS.disputed,
      openedIn: await currentEpoch(t),
      extended: false,
      disputer: owner,
      bond: MIN_BOND,
      amount: AMOUNT,
      feeBps: 500,
      batchHash: batchHash(t),
    });
    assert.deepEqual(await t.settlement.read.pending([t.nodeId, t.epoch]), [0n, 500]);
    assert.deepEqual(await t.settlement.read.payableOf([t.nodeId]), [0n, 0n]);
    assert.equal(await t.usd.read.balanceOf([owner]), 95n * USD);
    assert.equal(await t.escrow.read.held(), AMOUNT + MIN_BOND);
    assert.equal(await t.usd.read.balanceOf([t.escrow.address]), 1_000n * USD + MIN_BOND);

    // Nothing of it can be claimed, now or when the epoch has matured.
    await moveToEpoch(t, t.epoch + 8);
    await assertions.revertWithCustomErrorWithArgs(
      t.settlement.write.claim([t.nodeId, [t.epoch]]),
      t.settlement,
      "NothingToClaim",
      [t.nodeId],
    );
  });

  it("takes a bond as large as the amount, where that is more than the least", async () => {
    const t = await networkHelpers.loadFixture(disputable);
    const dear = await createProject(t, { nodeIds: [t.nodeId], cap: 50n * USD });
    const epoch = await currentEpoch(t);
    await nextEpoch(t);
    // 0.001 USD for the receipt and 0.02 USD for a second of CPU time.
    const receipts = [{ projectId: dear, cpuMs: 350_000_000n }];
    const { statements, lines } = await submitUsage(t, { nodeId: t.nodeId, epoch, receipts });
    const amount = 7n * USD + 1_000n;
    await fundWallet(t, t.owner, 100n * USD);
    const batch = { ...t, projectId: dear, epoch, statements, lines };
    await assertions.emitWithArgs(dispute(batch), t.settlement, "Disputed", [
      dear,
      t.nodeId,
      epoch,
      addressOf(t.owner),
      amount,
      amount,
      batchHash(batch),
      REASON,
    ]);
    assert.equal((await t.settlement.read.statusOf([dear, t.nodeId, epoch])).bond, amount);
    assert.equal(await t.escrow.read.held(), AMOUNT + amount + amount);
  });

  it("takes the least bond of the moment", async () => {
    const t = await networkHelpers.loadFixture(disputable);
    const args = [{ ...disputeParametersOf(t), minBond: 1n, slashFloor: 1n }] as const;
    const { abi } = t.settlement;
    await announceAndWait(t, t.settlement, encodeFunctionData({ abi, functionName: "setParameters", args }));
    await t.settlement.write.setParameters(args, { account: t.admin.account });
    await dispute(t);
    assert.equal((await t.settlement.read.statusOf([t.projectId, t.nodeId, t.epoch])).bond, AMOUNT);
  });

  it("takes no more than the caller wants to give: the least bond may have risen since", async () => {
    const t = await networkHelpers.loadFixture(disputable);
    for (const maxBond of [0n, MIN_BOND - 1n]) {
      await assertions.revertWithCustomErrorWithArgs(dispute(t, { maxBond }), t.settlement, "BondAboveMost", [
        MIN_BOND,
        maxBond,
      ]);
    }
    const args = [{ ...disputeParametersOf(t), minBond: 1_000n * USD }] as const;
    const { abi } = t.settlement;
    await announceAndWait(t, t.settlement, encodeFunctionData({ abi, functionName: "setParameters", args }));
    await t.settlement.write.setParameters(args, { account: t.admin.account });
    await fundWallet(t, t.owner, 1_000n * USD);
    await assertions.revertWithCustomErrorWithArgs(
      dispute(t, { maxBond: MIN_BOND }),
      t.settlement,
      "BondAboveMost",
      [1_000n * USD, MIN_BOND],
    );
    assert.deepEqual(await t.settlement.read.pending([t.nodeId, t.epoch]), [AMOUNT, 500]);
    await assertions.emit(dispute(t, { maxBond: 1_000n * USD }), t.settlement, "Disputed");
  });

  it("freezes one receipt of a batch and leaves the others", async () => {
    const t = await networkHelpers.loadFixture(countedTwo);
    await dispute(t, { index: 1n });
    assert.deepEqual(await t.settlement.read.pending([t.nodeId, t.epoch]), [AMOUNT, 500]);
    assert.equal((await t.settlement.read.statusOf([t.secondId, t.nodeId, t.epoch])).amount, 2_000n);
    assert.equal(
      (await t.settlement.read.statusOf([t.projectId, t.nodeId, t.epoch])).status,
      STATUS.untouched,
    );
  });

  it("is for the project's owner of the moment: no stranger, meter, delegate or former owner", async () => {
    const t = await networkHelpers.loadFixture(disputable);
    const owner = { account: t.owner.account };
    await t.projects.write.setMeter([t.projectId, addressOf(t.admin)], owner);
    await t.projects.write.setDelegate([t.projectId, addressOf(t.guardian), 1], owner);
    for (const by of [t.stranger, t.admin, t.guardian, t.nodeOwner1]) {
      await assertions.revertWithCustomErrorWithArgs(dispute(t, { by }), t.settlement, "NotProjectOwner", [
        t.projectId,
        addressOf(by),
        addressOf(t.owner),
      ]);
    }
    await t.projects.write.transferOwnership([t.projectId, addressOf(t.stranger)], owner);
    await t.projects.write.acceptOwnership([t.projectId, []], { account: t.stranger.account });
    await assertions.revertWithCustomErrorWithArgs(dispute(t), t.settlement, "NotProjectOwner", [
      t.projectId,
      addressOf(t.owner),
      addressOf(t.stranger),
    ]);
    await fundWallet(t, t.stranger, MIN_BOND);
    await assertions.emit(dispute(t, { by: t.stranger }), t.settlement, "Disputed");
  });

  it("stays open to the last second of e+7, and closes with the first of e+8", async () => {
    const t = await networkHelpers.loadFixture(disputable);
    await atFirstSecondOf(t, t.epoch + 8);
    await assertions.revertWithCustomErrorWithArgs(dispute(t), t.settlement, "WindowClosed", [
      t.epoch,
      t.epoch + 7,
    ]);
    await atLastSecondOf(t, t.epoch + 7);
    await assertions.emit(dispute(t), t.settlement, "Disputed");
  });

  it("refuses lines that no batch has, and a line that the batch does not have", async () => {
    const t = await networkHelpers.loadFixture(disputable);
    await assertions.revertWithCustomErrorWithArgs(
      dispute(t, { lines: "0x" }),
      t.settlement,
      "UnknownBatch",
      [t.nodeId, t.epoch, batchHash({ ...t, lines: "0x" })],
    );
    await assertions.revertWithCustomErrorWithArgs(dispute(t, { index: 1n }), t.settlement, "NoSuchLine", [
      1n,
      1n,
    ]);
  });

  it("refuses what was released, disputed or decided before", async () => {
    const t = await networkHelpers.loadFixture(countedTwo);
    const refused = (index: bigint, projectId: bigint, status: number) =>
      assertions.revertWithCustomErrorWithArgs(dispute(t, { index }), t.settlement, "AlreadyTouched", [
        projectId,
        t.nodeId,
        t.epoch,
        status,
      ]);
    await t.settlement.write.release([t.nodeId, t.epoch, t.statements, t.lines, 1n, "0x"], {
      account: t.owner.account,
    });
    await refused(1n, t.secondId, STATUS.released);
    await dispute(t);
    await refused(0n, t.projectId, STATUS.disputed);
    await t.settlement.write.decide([t.projectId, t.nodeId, t.epoch, false, 0n, 0n], {
      account: t.arbiter.account,
    });
    await refused(0n, t.projectId, STATUS.settled);
  });

  it("needs an allowance to the escrow and the tokens of the bond, and takes nothing without them", async () => {
    const t = await networkHelpers.loadFixture(disputable);
    const owner = { account: t.owner.account };
    await t.usd.write.approve([t.escrow.address, MIN_BOND - 1n], owner);
    await assertions.revertWithCustomErrorWithArgs(dispute(t), t.usd, "ERC20InsufficientAllowance", [
      getAddress(t.escrow.address),
      MIN_BOND - 1n,
      MIN_BOND,
    ]);
    await t.usd.write.approve([t.escrow.address, MIN_BOND], owner);
    await t.usd.write.transfer([addressOf(t.stranger), 95n * USD + 1n], owner);
    await assertions.revertWithCustomErrorWithArgs(dispute(t), t.usd, "ERC20InsufficientBalance", [
      addressOf(t.owner),
      MIN_BOND - 1n,
      MIN_BOND,
    ]);
    assert.deepEqual(await t.settlement.read.pending([t.nodeId, t.epoch]), [AMOUNT, 500]);
  });

  it("refuses a bond that arrives smaller than it has to be", async () => {
    const t = await networkHelpers.loadFixture(countedInHostileTokens);
    await t.token.write.setFee([100n]);
    await assertions.revertWithCustomErrorWithArgs(dispute(t), t.escrow, "BondTooSmall", [
      (MIN_BOND * 99n) / 100n,
      MIN_BOND,
    ]);
    await t.token.write.setFee([0n]);
    await assertions.emit(dispute(t), t.settlement, "Disputed");
  });
});

async function countedInHostileTokens() {
  const plain = await counted();
  const token = await viem.deployContract("HostileToken", [6]);
  const t = await withAsset(plain, token);
  const nodeId = await registerNode(t);
  const projectId = await createProject(t, { nodeIds: [nodeId] });
  const epoch = await nextEpoch(t);
  await nextEpoch(t);
  await fundWallet(t, t.owner, 100n * USD);
  const { statements, lines } = await submitUsage(t, { nodeId, epoch, receipts: [{ projectId }] });
  return { ...plain, ...t, token, nodeId, projectId, epoch, statements, lines };
}
