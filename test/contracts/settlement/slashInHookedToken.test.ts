import assert from "node:assert/strict";
import { encodeFunctionData, maxUint256, zeroAddress } from "viem";
import { withAsset } from "../support/hostile.ts";
import { networkHelpers, viem } from "../support/network.ts";
import {
  assertions,
  createProject,
  fundWallet,
  nextEpoch,
  registerNode,
  submitUsage,
  USD,
} from "../support/scenario.ts";
import { serving } from "../support/settlement.ts";

async function disputedInHookedTokens() {
  const plain = await serving();
  const token = await viem.deployContract("HostileToken", [6]);
  const t = await withAsset(plain, token);
  const nodeId = await registerNode(t, { stake: 12_000n * USD });
  const projectId = await createProject(t, { nodeIds: [nodeId] });
  const epoch = await nextEpoch(t);
  await nextEpoch(t);
  await fundWallet(t, t.owner, 100n * USD);
  const { statements, lines } = await submitUsage(t, { nodeId, epoch, receipts: [{ projectId }] });
  await t.settlement.write.dispute([nodeId, epoch, statements, lines, 0n, 5n * USD, ""], {
    account: t.owner.account,
  });

  // The token itself has 50 USD that it can deposit.
  await token.write.mint([token.address, 50n * USD]);
  await networkHelpers.impersonateAccount(token.address);
  await networkHelpers.setBalance(token.address, 10n ** 18n);
  await token.write.approve([t.escrow.address, maxUint256], { account: token.address });
  await networkHelpers.stopImpersonatingAccount(token.address);
  return { ...plain, ...t, token, nodeId, projectId, epoch };
}

describe("UsageSettlement.decide, with a token that takes a fee and calls out in a transfer", () => {
  it("lets nobody deposit while the slash is measured: what is lost to the fee is not booked", async () => {
    const t = await networkHelpers.loadFixture(disputedInHookedTokens);
    await t.token.write.setFee([1_000n]);
    const deposit = encodeFunctionData({
      abi: t.escrow.abi,
      functionName: "deposit",
      args: [t.projectId, 50n * USD],
    });
    const decide = () =>
      t.settlement.write.decide([t.projectId, t.nodeId, t.epoch, true, 5n * USD, 2n * USD], {
        account: t.arbiter.account,
      });
    await t.token.write.setHook([t.escrow.address, deposit]);
    await assertions.revertWithCustomError(decide(), t.escrow, "ReentrancyGuardReentrantCall");

    await t.token.write.setHook([zeroAddress, "0x"]);
    await assertions.emitWithArgs(decide(), t.settlement, "Decided", [
      t.projectId,
      t.nodeId,
      t.epoch,
      true,
      4_500_000n,
      2n * USD,
    ]);
    const { balance } = await t.escrow.read.accountOf([t.projectId]);
    const owed = balance + (await t.escrow.read.held()) + (await t.escrow.read.fees());
    assert.equal(await t.token.read.balanceOf([t.escrow.address]), owed);
  });
});
