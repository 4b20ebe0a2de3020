import assert from "node:assert/strict";
import { encodeFunctionData } from "viem";
import { announce, announceAndWait } from "../support/governance.ts";
import { deployNodes } from "../support/hostile.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import { assertions, fundWallet, type Network, registerNode, USD } from "../support/scenario.ts";

const LEAST = USD;
const MOST = 1_000_000n * USD;

const callOf = (t: Network, amount: bigint) =>
  encodeFunctionData({ abi: t.nodes.abi, functionName: "setMinStake", args: [amount] });
const set = (t: Network, amount: bigint) => t.nodes.write.setMinStake([amount], { account: t.admin.account });

describe("NodeRegistry.setMinStake", () => {
  it("sets the least stake of new nodes, after its delay", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const amount = 2_000n * USD;
    await announceAndWait(t, t.nodes, callOf(t, amount));
    await assertions.emitWithArgs(set(t, amount), t.nodes, "ParametersSet", [amount]);
    assert.equal(await t.nodes.read.minStake(), amount);
    await fundWallet(t, t.nodeOwner1, amount);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.register([t.operator1.account.address, 0, "https://a", amount - 1n], {
        account: t.nodeOwner1.account,
      }),
      t.nodes,
      "StakeTooSmall",
      [amount - 1n, amount],
    );
  });

  it("does not touch nodes that stand", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const nodeId = await registerNode(t);
    await announceAndWait(t, t.nodes, callOf(t, MOST));
    await set(t, MOST);
    const node = await t.nodes.read.nodeOf([nodeId]);
    assert.deepEqual([node.retiredFrom, node.stake], [0, 1_000n * USD]);
    await t.nodes.read.requireActive([nodeId]);
    assert.equal(await t.nodes.read.poolSize([3]), 1n);
  });

  it("stays between 1 and 1,000,000 of the asset", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    for (const amount of [LEAST, MOST]) {
      await announceAndWait(t, t.nodes, callOf(t, amount));
      await set(t, amount);
      assert.equal(await t.nodes.read.minStake(), amount);
    }
    for (const amount of [0n, LEAST - 1n, MOST + 1n, 2n ** 64n - 1n]) {
      await announceAndWait(t, t.nodes, callOf(t, amount));
      await assertions.revertWithCustomErrorWithArgs(set(t, amount), t.nodes, "MinStakeOutOfBounds", [
        amount,
        LEAST,
        MOST,
      ]);
    }
  });

  it("starts between the same bounds", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    for (const minStake of [LEAST, MOST]) {
      assert.equal(await (await deployNodes(t, { minStake })).read.minStake(), minStake);
    }
    for (const minStake of [LEAST - 1n, MOST + 1n]) {
      await assertions.revertWithCustomErrorWithArgs(
        deployNodes(t, { minStake }),
        t.nodes,
        "MinStakeOutOfBounds",
        [minStake, LEAST, MOST],
      );
    }
  });

  it("is nobody's without the role, and nobody's at once", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    for (const { account } of [t.deployer, t.guardian, t.arbiter, t.stranger]) {
      await assertions.revertWithCustomErrorWithArgs(
        t.nodes.write.setMinStake([LEAST], { account }),
        t.nodes,
        "AccessManagedUnauthorized",
        [account.address],
      );
    }
    await assertions.revertWithCustomError(set(t, LEAST), t.accessManager, "AccessManagerNotScheduled");
    await announce(t, t.nodes, callOf(t, LEAST));
    await assertions.revertWithCustomError(set(t, LEAST), t.accessManager, "AccessManagerNotReady");
  });
});
