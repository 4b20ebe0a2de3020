import assert from "node:assert/strict";
import { countUsage, decideGuilty, disputeCounted } from "../support/dispute.ts";
import {
  deployEscrow,
  deployNodes,
  deployProjects,
  deploySettlement,
  withAsset,
} from "../support/hostile.ts";
import { deployNetwork, networkHelpers, viem } from "../support/network.ts";
import { addressOf, assertions, createProject, nextEpoch, registerNode, USD } from "../support/scenario.ts";

describe("The asset", () => {
  for (const decimals of [0, 5, 7, 18, 255]) {
    it(`has 6 decimals, not ${decimals}: every price here is for 6`, async () => {
      const t = await networkHelpers.loadFixture(deployNetwork);
      const token = await viem.deployContract("HostileToken", [decimals]);
      const args = [token.address, decimals] as const;
      await assertions.revertWithCustomErrorWithArgs(
        deployEscrow(t, t.projects.address, { asset: token.address }),
        t.escrow,
        "AssetHasWrongDecimals",
        [...args],
      );
      await assertions.revertWithCustomErrorWithArgs(
        deployNodes(t, { asset: token.address }),
        t.nodes,
        "AssetHasWrongDecimals",
        [...args],
      );
    });
  }

  it("is one: stakes and credit are of the same token", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const token = await viem.deployContract("HostileToken", [6]);
    const nodes = await deployNodes(t);
    const projects = await deployProjects(t, nodes.address);
    const escrow = await deployEscrow(t, projects.address, { asset: token.address });
    await assertions.revertWithCustomErrorWithArgs(
      deploySettlement(t, nodes.address, projects.address, escrow.address),
      t.settlement,
      "AssetsDiffer",
      [t.usd.address, token.address],
    );
  });

  it("is named by the escrow", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    assert.equal((await t.escrow.read.asset()).toLowerCase(), t.usd.address.toLowerCase());
  });

  it("may return nothing from its transfers: every way in and out works", async () => {
    const first = await networkHelpers.loadFixture(deployNetwork);
    const token = await viem.deployContract("SilentToken");
    const t = await withAsset(first, token);
    const balances = (...whose: `0x${string}`[]) =>
      Promise.all(whose.map((address) => token.read.balanceOf([address])));

    const nodeId = await registerNode(t, { stake: 12_000n * USD });
    const projectId = await createProject(t, { nodeIds: [nodeId], credit: 100n * USD });
    await t.nodes.write.addStake([nodeId, 0n], { account: t.nodeOwner1.account });
    assert.deepEqual(await balances(t.nodes.address, t.escrow.address), [12_000n * USD, 100n * USD]);

    const paid = await countUsage(t, { nodeId, projectId });
    const disputed = await countUsage(t, { nodeId, projectId, cpuMs: 50_000_000n });
    await disputeCounted(t, disputed);
    await decideGuilty(t, disputed, 100n * USD);
    await t.escrow.write.collectRefund([addressOf(t.owner)], { account: t.owner.account });
    await t.escrow.write.requestWithdraw([projectId, 99n * USD], { account: t.owner.account });
    await t.nodes.write.requestUnstake([nodeId, 500n * USD], { account: t.nodeOwner1.account });
    await nextEpoch(t, 20);
    await t.settlement.write.claim([nodeId, [paid.epoch]]);
    await t.escrow.write.collectFees();
    await t.escrow.write.withdraw([projectId], { account: t.owner.account });
    await t.nodes.write.withdrawStake([nodeId], { account: t.nodeOwner1.account });

    assert.deepEqual(
      await balances(
        t.nodes.address,
        t.escrow.address,
        ...[t.owner, t.nodeOwner1, t.guardian].map(addressOf),
      ),
      [
        11_400n * USD, // 12,000 less 100 slashed and 500 withdrawn
        USD - 1_000n, // what was not withdrawn, less one receipt
        99n * USD + 5n * USD + 10n * USD, // credit, bond and twice that of the slash
        500n * USD + 950n,
        90n * USD + 50n,
      ],
    );
  });

  it("may not fail silently: a transfer that returns false moves nothing here", async () => {
    const first = await networkHelpers.loadFixture(deployNetwork);
    const silent = await viem.deployContract("SilentToken");
    const t = await withAsset(first, silent);
    const nodeId = await registerNode(t, { stake: 12_000n * USD });
    const projectId = await createProject(t, { nodeIds: [nodeId], credit: 100n * USD });
    await t.escrow.write.requestWithdraw([projectId, 10n * USD], { account: t.owner.account });
    await t.nodes.write.requestUnstake([nodeId, 10n * USD], { account: t.nodeOwner1.account });
    await nextEpoch(t, 20);

    // From here on the token answers false: in its place stands one that does nothing else.
    const { address } = silent;
    const liar = await viem.deployContract("FalseToken");
    await networkHelpers.setCode(address, (await t.publicClient.getCode({ address: liar.address })) ?? "0x");
    const { account } = t.nodeOwner1;
    for (const [call, contract] of [
      [() => t.nodes.write.register([account.address, 0, "https://a", 2_000n * USD], { account }), t.nodes],
      [() => t.nodes.write.addStake([nodeId, USD], { account }), t.nodes],
      [() => t.nodes.write.withdrawStake([nodeId], { account }), t.nodes],
      [() => t.escrow.write.deposit([projectId, USD], { account: t.owner.account }), t.escrow],
      [() => t.escrow.write.withdraw([projectId], { account: t.owner.account }), t.escrow],
    ] as const) {
      await assertions.revertWithCustomErrorWithArgs(call(), contract, "SafeERC20FailedOperation", [address]);
    }
    assert.equal((await t.nodes.read.nodeOf([nodeId])).thawing, 10n * USD);
    assert.equal((await t.escrow.read.accountOf([projectId])).thawing, 10n * USD);
  });
});
