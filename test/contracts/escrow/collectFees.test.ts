import assert from "node:assert/strict";
import { encodeFunctionData, getAddress, getContractAddress, zeroAddress } from "viem";
import { countUsage } from "../support/dispute.ts";
import { announce, announceAndWait } from "../support/governance.ts";
import { deployEscrow, deploySettlement, ownContracts, withAsset } from "../support/hostile.ts";
import { deployNetwork, networkHelpers, viem } from "../support/network.ts";
import { addressOf, assertions, createProject, nextEpoch, registerNode } from "../support/scenario.ts";

async function withClaim() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t);
  const projectId = await createProject(t, { nodeIds: [nodeId] });
  await nextEpoch(t);
  const { epoch, amount } = await countUsage(t, { nodeId, projectId, requests: 1_010_001n });
  await nextEpoch(t, 7);
  await t.settlement.write.claim([nodeId, [epoch]], { account: t.stranger.account });
  // 5 % of 301,000, which is even; see the tests of `claim` for the rounding.
  return { ...t, nodeId, projectId, amount, fee: 15_050n };
}

const setTo = (t: Awaited<ReturnType<typeof withClaim>>, receiver: `0x${string}`) =>
  encodeFunctionData({ abi: t.escrow.abi, functionName: "setFeeReceiver", args: [receiver] });

describe("CreditEscrow.collectFees", () => {
  it("pays the fees so far to the fee receiver, whoever asks", async () => {
    const t = await networkHelpers.loadFixture(withClaim);
    const receiver = addressOf(t.guardian);
    assert.equal(await t.escrow.read.feeReceiver(), receiver);
    assert.equal(await t.escrow.read.fees(), t.fee);
    await assertions.emitWithArgs(
      t.escrow.write.collectFees({ account: t.stranger.account }),
      t.escrow,
      "FeesCollected",
      [receiver, t.fee],
    );
    assert.equal(await t.usd.read.balanceOf([receiver]), t.fee);
    assert.equal(await t.escrow.read.fees(), 0n);
    assert.equal(await t.usd.read.balanceOf([t.escrow.address]), 1_000_000_000n - t.amount);
  });

  it("pays once", async () => {
    const t = await networkHelpers.loadFixture(withClaim);
    await t.escrow.write.collectFees();
    await assertions.revertWithCustomErrorWithArgs(t.escrow.write.collectFees(), t.escrow, "NothingOwed", [
      t.guardian.account.address,
    ]);
  });
});

describe("CreditEscrow.setFeeReceiver", () => {
  it("names who is paid from then on, after its delay", async () => {
    const t = await networkHelpers.loadFixture(withClaim);
    const receiver = addressOf(t.stranger);
    await announceAndWait(t, t.escrow, setTo(t, receiver));
    await assertions.emitWithArgs(
      t.escrow.write.setFeeReceiver([receiver], { account: t.admin.account }),
      t.escrow,
      "FeeReceiverSet",
      [receiver],
    );
    assert.equal(await t.escrow.read.feeReceiver(), receiver);
    await t.escrow.write.collectFees();
    assert.equal(await t.usd.read.balanceOf([receiver]), t.fee);
  });

  it("is never the zero address, the token or a contract of the network, neither at first nor later", async () => {
    const t = await networkHelpers.loadFixture(withClaim);
    for (const { address } of ownContracts(t)) {
      const receiver = getAddress(address);
      await announceAndWait(t, t.escrow, setTo(t, receiver));
      await assertions.revertWithCustomErrorWithArgs(
        t.escrow.write.setFeeReceiver([receiver], { account: t.admin.account }),
        t.escrow,
        "WrongReceiver",
        [receiver],
      );
    }
    // Neither an escrow nor a settlement is there yet when the first is named.
    for (const { address } of [{ address: zeroAddress }, t.usd, t.projects, t.nodes, t.names]) {
      await assertions.revertWithCustomErrorWithArgs(
        deployEscrow(t, t.projects.address, { feeReceiver: address }),
        t.escrow,
        "WrongReceiver",
        [getAddress(address)],
      );
    }
  });

  it("is no settlement that the escrow is bound to: where one was named before, it does not bind", async () => {
    const t = await networkHelpers.loadFixture(withClaim);
    const deployer = addressOf(t.deployer);
    const nonce = BigInt(await t.publicClient.getTransactionCount({ address: deployer }));
    const [escrowAt, settlementAt] = [nonce, nonce + 1n].map((n) =>
      getContractAddress({ from: deployer, nonce: n }),
    );
    if (!escrowAt || !settlementAt) throw new Error("no addresses");
    const escrow = await deployEscrow(t, t.projects.address, { feeReceiver: settlementAt });
    const { address } = await deploySettlement(t, t.nodes.address, t.projects.address, escrow.address);
    assert.deepEqual([getAddress(escrow.address), getAddress(address)], [escrowAt, settlementAt]);
    await assertions.revertWithCustomErrorWithArgs(escrow.write.bind([address]), escrow, "WrongSettlement", [
      settlementAt,
    ]);
  });

  it("is nobody's without the role, and nobody's at once", async () => {
    const t = await networkHelpers.loadFixture(withClaim);
    const receiver = t.stranger.account.address;
    for (const { account } of [t.deployer, t.guardian, t.arbiter, t.stranger]) {
      await assertions.revertWithCustomErrorWithArgs(
        t.escrow.write.setFeeReceiver([receiver], { account }),
        t.escrow,
        "AccessManagedUnauthorized",
        [account.address],
      );
    }
    const asAdmin = () => t.escrow.write.setFeeReceiver([receiver], { account: t.admin.account });
    await assertions.revertWithCustomError(asAdmin(), t.accessManager, "AccessManagerNotScheduled");
    await announce(t, t.escrow, setTo(t, receiver));
    await assertions.revertWithCustomError(asAdmin(), t.accessManager, "AccessManagerNotReady");
  });
});

async function withHostileToken() {
  const first = await deployNetwork();
  const token = await viem.deployContract("HostileToken", [6]);
  const t = await withAsset(first, token);
  const nodeId = await registerNode(t);
  const other = await registerNode(t, { owner: t.nodeOwner2 });
  const projectId = await createProject(t, { nodeIds: [nodeId, other] });
  await nextEpoch(t);
  return { ...t, token, nodeId, other, projectId };
}

describe("What the escrow pays in a hostile token", () => {
  it("blocks a blacklisted node owner and nobody else", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    const first = await countUsage(t, { nodeId: t.nodeId, projectId: t.projectId });
    const second = await countUsage(t, { nodeId: t.other, projectId: t.projectId });
    await nextEpoch(t, 7);
    const owner = t.nodeOwner1.account.address;
    await t.token.write.setBlacklisted([owner, true]);
    await assertions.revertWithCustomErrorWithArgs(
      t.settlement.write.claim([t.nodeId, [first.epoch]]),
      t.token,
      "Blacklisted",
      [owner],
    );
    await t.settlement.write.claim([t.other, [second.epoch]]);
    assert.equal(await t.token.read.balanceOf([t.nodeOwner2.account.address]), 950n);

    // It hands the node over and loses nothing.
    await t.nodes.write.transferOwnership([t.nodeId, t.stranger.account.address], { account: owner });
    await t.nodes.write.acceptOwnership([t.nodeId], { account: t.stranger.account });
    await t.settlement.write.claim([t.nodeId, [first.epoch]]);
    assert.equal(await t.token.read.balanceOf([t.stranger.account.address]), 950n);
  });

  it("lets no blacklisted fee receiver stop a claim", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    const { epoch } = await countUsage(t, { nodeId: t.nodeId, projectId: t.projectId });
    await nextEpoch(t, 7);
    const receiver = t.guardian.account.address;
    await t.token.write.setBlacklisted([receiver, true]);
    await t.settlement.write.claim([t.nodeId, [epoch]]);
    assert.equal(await t.token.read.balanceOf([t.nodeOwner1.account.address]), 950n);
    await assertions.revertWithCustomErrorWithArgs(t.escrow.write.collectFees(), t.token, "Blacklisted", [
      receiver,
    ]);
    assert.equal(await t.escrow.read.fees(), 50n);
  });

  it("cannot be claimed twice from within the payment", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    const { epoch } = await countUsage(t, { nodeId: t.nodeId, projectId: t.projectId });
    await nextEpoch(t, 7);
    const claim = encodeFunctionData({
      abi: t.settlement.abi,
      functionName: "claim",
      args: [t.nodeId, [epoch]],
    });
    const fees = encodeFunctionData({ abi: t.escrow.abi, functionName: "collectFees" });
    for (const [target, data] of [
      [t.settlement.address, claim],
      [t.escrow.address, fees],
    ] as const) {
      await t.token.write.setHook([target, data]);
      await assertions.revertWithCustomError(
        t.settlement.write.claim([t.nodeId, [epoch]]),
        t.escrow,
        "ReentrancyGuardReentrantCall",
      );
    }
    await t.token.write.setHook([zeroAddress, "0x"]);
    await t.settlement.write.claim([t.nodeId, [epoch]]);
    assert.equal(await t.token.read.balanceOf([t.nodeOwner1.account.address]), 950n);
  });
});
