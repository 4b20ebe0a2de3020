import assert from "node:assert/strict";
import { encodeFunctionData, maxUint256 } from "viem";
import { withAsset } from "../support/hostile.ts";
import { networkHelpers, viem } from "../support/network.ts";
import { createProject, fundWallet, nextEpoch, registerNode, submitUsage, USD } from "../support/scenario.ts";
import { serving } from "../support/settlement.ts";

async function disputedInHookedTokens() {
  const plain = await serving();
  const token = await viem.deployContract("HostileToken", [6]);
  const t = await withAsset(plain, token);
  const nodeId = await registerNode(t);
  const projectId = await createProject(t, { nodeIds: [nodeId] });
  const epoch = await nextEpoch(t);
  await nextEpoch(t);
  await fundWallet(t, t.owner, 100n * USD);
  const { statements, lines } = await submitUsage(t, { nodeId, epoch, receipts: [{ projectId }] });
  await t.settlement.write.dispute([nodeId, epoch, statements, lines, 0n, ""], { account: t.owner.account });
  return { ...plain, ...t, token, nodeId, projectId, epoch };
}

describe("UsageSettlement.decide, with a token that calls out in a transfer", () => {
  it("books as slashed only what came from the stake: the escrow stays solvent", async () => {
    const t = await networkHelpers.loadFixture(disputedInHookedTokens);
    // In the middle of the slash's transfer somebody deposits 50 USD; here the token itself has them.
    await t.token.write.mint([t.token.address, 50n * USD]);
    await networkHelpers.impersonateAccount(t.token.address);
    await networkHelpers.setBalance(t.token.address, 10n ** 18n);
    await t.token.write.approve([t.escrow.address, maxUint256], { account: t.token.address });
    await networkHelpers.stopImpersonatingAccount(t.token.address);
    const data = encodeFunctionData({
      abi: t.escrow.abi,
      functionName: "deposit",
      args: [t.projectId, 50n * USD],
    });
    await t.token.write.setHook([t.escrow.address, data]);

    await t.settlement.write.decide([t.projectId, t.nodeId, t.epoch, true, 10n * USD, 0n], {
      account: t.arbiter.account,
    });
    const { balance } = await t.escrow.read.accountOf([t.projectId]);
    const owed = balance + (await t.escrow.read.held()) + (await t.escrow.read.fees());
    assert.equal(await t.token.read.balanceOf([t.escrow.address]), owed);
  });
});
