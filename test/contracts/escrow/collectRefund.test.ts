import assert from "node:assert/strict";
import { encodeFunctionData, getAddress, zeroAddress } from "viem";
import { countUsage, decideGuilty, disputeCounted } from "../support/dispute.ts";
import { ownContracts, withAsset } from "../support/hostile.ts";
import { deployNetwork, networkHelpers, viem } from "../support/network.ts";
import { addressOf, assertions, createProject, nextEpoch, registerNode, USD } from "../support/scenario.ts";

const BOND = 5n * USD;
/** Of 105 USD that a receipt of 1 USD lets be taken. */
const SLASH = 100n * USD;
/** Twice the bond. */
const REWARD = 10n * USD;
const CPU_MS = 50_000_000n;

async function withDispute() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { stake: 12_000n * USD });
  const projectId = await createProject(t, { nodeIds: [nodeId] });
  await nextEpoch(t);
  const counted = await countUsage(t, { nodeId, projectId, cpuMs: CPU_MS });
  await disputeCounted(t, counted);
  return { ...t, nodeId, projectId, counted };
}
type WithDispute = Awaited<ReturnType<typeof withDispute>>;

const collect = (t: WithDispute, by = t.owner, to = addressOf(by)) =>
  t.escrow.write.collectRefund([to], { account: by.account });

describe("CreditEscrow.collectRefund", () => {
  it("pays the disputer the bond and the share of the slash", async () => {
    const t = await networkHelpers.loadFixture(withDispute);
    const owner = t.owner.account.address;
    const held = await t.escrow.read.held();
    await assertions.emitWithArgs(decideGuilty(t, t.counted, SLASH, 7n * USD), t.escrow, "RefundOwed", [
      owner,
      7n * USD,
      BOND + 7n * USD,
    ]);
    assert.equal(await t.escrow.read.refundOf([owner]), BOND + 7n * USD);
    assert.equal(await t.escrow.read.held(), held - t.counted.amount + 7n * USD);

    const before = await t.usd.read.balanceOf([owner]);
    await assertions.emitWithArgs(collect(t), t.escrow, "RefundCollected", [owner, owner, BOND + 7n * USD]);
    assert.equal(await t.usd.read.balanceOf([owner]), before + BOND + 7n * USD);
    assert.equal(await t.escrow.read.held(), 0n);
    assert.equal(await t.escrow.read.refundOf([owner]), 0n);
  });

  it("pays whom the caller names, and takes it from the caller alone", async () => {
    const t = await networkHelpers.loadFixture(withDispute);
    await decideGuilty(t, t.counted, 0n);
    const [owner, other] = [addressOf(t.owner), addressOf(t.nodeOwner2)];
    await assertions.revertWithCustomErrorWithArgs(collect(t, t.stranger, owner), t.escrow, "NothingOwed", [
      addressOf(t.stranger),
    ]);
    await assertions.emitWithArgs(collect(t, t.owner, other), t.escrow, "RefundCollected", [
      owner,
      other,
      BOND,
    ]);
    assert.equal(await t.usd.read.balanceOf([other]), BOND);
  });

  it("sends nothing where it would be lost: to nobody, the token, or a contract of the network", async () => {
    const t = await networkHelpers.loadFixture(withDispute);
    await decideGuilty(t, t.counted, 0n);
    for (const { address } of ownContracts(t)) {
      await assertions.revertWithCustomErrorWithArgs(
        collect(t, t.owner, getAddress(address)),
        t.escrow,
        "WrongReceiver",
        [getAddress(address)],
      );
    }
    assert.equal(await t.escrow.read.refundOf([addressOf(t.owner)]), BOND);
  });

  it("pays once", async () => {
    const t = await networkHelpers.loadFixture(withDispute);
    await decideGuilty(t, t.counted, SLASH);
    await collect(t);
    await assertions.revertWithCustomErrorWithArgs(collect(t), t.escrow, "NothingOwed", [
      t.owner.account.address,
    ]);
  });

  it("pays those it is owed to, even when the project is another's by now", async () => {
    const t = await networkHelpers.loadFixture(withDispute);
    const heir = t.stranger;
    await t.projects.write.transferOwnership([t.projectId, heir.account.address], {
      account: t.owner.account,
    });
    await t.projects.write.acceptOwnership([t.projectId, []], { account: heir.account });
    await decideGuilty(t, t.counted, SLASH);
    await assertions.revertWithCustomErrorWithArgs(collect(t, heir), t.escrow, "NothingOwed", [
      heir.account.address,
    ]);
    await assertions.emitWithArgs(collect(t), t.escrow, "RefundCollected", [
      t.owner.account.address,
      t.owner.account.address,
      BOND + REWARD,
    ]);
  });

  it("adds up over disputes", async () => {
    const t = await networkHelpers.loadFixture(withDispute);
    await decideGuilty(t, t.counted, 0n);
    const second = await countUsage(t, { nodeId: t.nodeId, projectId: t.projectId, cpuMs: CPU_MS });
    await disputeCounted(t, second);
    await assertions.emitWithArgs(decideGuilty(t, second, 0n), t.escrow, "RefundOwed", [
      t.owner.account.address,
      BOND,
      2n * BOND,
    ]);
    assert.equal(await t.escrow.read.refundOf([t.owner.account.address]), 2n * BOND);
  });
});

async function withHostileToken() {
  const first = await deployNetwork();
  const token = await viem.deployContract("HostileToken", [6]);
  const t = await withAsset(first, token);
  const nodeId = await registerNode(t, { stake: 12_000n * USD });
  const projectId = await createProject(t, { nodeIds: [nodeId] });
  const other = await createProject(t, { nodeIds: [nodeId], owner: t.stranger });
  await nextEpoch(t);
  return { ...t, token, nodeId, projectId, other };
}

describe("CreditEscrow.collectRefund of a hostile token", () => {
  it("blocks a blacklisted disputer and nobody else: the decision stands", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    const owner = t.owner.account.address;
    const counted = await countUsage(t, { nodeId: t.nodeId, projectId: t.projectId, cpuMs: CPU_MS });
    await disputeCounted(t, counted);
    const others = await countUsage(t, { nodeId: t.nodeId, projectId: t.other, cpuMs: CPU_MS });
    await disputeCounted(t, others, t.stranger);
    await t.token.write.setBlacklisted([owner, true]);
    await decideGuilty(t, counted, SLASH);
    await decideGuilty(t, others, SLASH);
    await assertions.revertWithCustomErrorWithArgs(
      t.escrow.write.collectRefund([owner], { account: owner }),
      t.token,
      "Blacklisted",
      [owner],
    );
    await t.escrow.write.collectRefund([addressOf(t.stranger)], { account: t.stranger.account });
    await t.token.write.setBlacklisted([owner, false]);
    await t.escrow.write.collectRefund([owner], { account: owner });
    assert.equal(await t.token.read.balanceOf([owner]), BOND + REWARD);
  });

  it("books no more of a slash than arrives", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    const counted = await countUsage(t, { nodeId: t.nodeId, projectId: t.projectId, cpuMs: CPU_MS });
    await disputeCounted(t, counted);
    await t.token.write.setFee([5_000n]); // half of every transfer is lost
    await decideGuilty(t, counted, 16n * USD);
    // 16 sent, 8 arrived: the disputer's half of that is 4, not 8.
    assert.equal(await t.escrow.read.refundOf([t.owner.account.address]), BOND + 4n * USD);
    assert.equal(await t.escrow.read.fees(), 4n * USD);
  });

  it("takes no bond of which a part is lost on the way", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    const counted = await countUsage(t, { nodeId: t.nodeId, projectId: t.projectId, cpuMs: CPU_MS });
    await t.token.write.setFee([1_000n]);
    await assertions.revertWithCustomErrorWithArgs(disputeCounted(t, counted), t.escrow, "BondTooSmall", [
      4_500_000n,
      BOND,
    ]);
  });

  it("cannot be entered again while it pays", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    const counted = await countUsage(t, { nodeId: t.nodeId, projectId: t.projectId, cpuMs: CPU_MS });
    await disputeCounted(t, counted);
    await decideGuilty(t, counted, SLASH);
    const again = encodeFunctionData({ abi: t.escrow.abi, functionName: "collectFees" });
    await t.token.write.setHook([t.escrow.address, again]);
    await assertions.revertWithCustomError(
      t.escrow.write.collectRefund([addressOf(t.owner)], { account: t.owner.account }),
      t.escrow,
      "ReentrancyGuardReentrantCall",
    );
    await t.token.write.setHook([zeroAddress, "0x"]);
    await t.escrow.write.collectRefund([addressOf(t.owner)], { account: t.owner.account });
    assert.equal(await t.token.read.balanceOf([t.owner.account.address]), BOND + REWARD);
  });
});
