import assert from "node:assert/strict";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import { assertions, nextEpoch, registerNode, USD } from "../support/scenario.ts";

const STAKE = 3_000n * USD;

async function withThawingNode() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { stake: STAKE });
  await t.nodes.write.requestUnstake([nodeId, 500n * USD], { account: t.nodeOwner1.account });
  return { ...t, nodeId };
}

describe("NodeRegistry.cancelUnstake", () => {
  it("takes the request back: nothing thaws and nothing leaves", async () => {
    const t = await networkHelpers.loadFixture(withThawingNode);
    const { account } = t.nodeOwner1;
    await nextEpoch(t, 20);
    await assertions.emitWithArgs(
      t.nodes.write.cancelUnstake([t.nodeId], { account }),
      t.nodes,
      "UnstakeCancelled",
      [t.nodeId],
    );
    const node = await t.nodes.read.nodeOf([t.nodeId]);
    assert.deepEqual([node.stake, node.thawing, node.thawEpoch], [STAKE, 0n, 0]);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.withdrawStake([t.nodeId], { account }),
      t.nodes,
      "NoStakeThaws",
      [t.nodeId],
    );
  });

  it("has nothing to take back twice", async () => {
    const t = await networkHelpers.loadFixture(withThawingNode);
    const { account } = t.nodeOwner1;
    await t.nodes.write.cancelUnstake([t.nodeId], { account });
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.cancelUnstake([t.nodeId], { account }),
      t.nodes,
      "NoStakeThaws",
      [t.nodeId],
    );
  });

  it("is the owner's alone", async () => {
    const t = await networkHelpers.loadFixture(withThawingNode);
    const { account } = t.operator1;
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.cancelUnstake([t.nodeId], { account }),
      t.nodes,
      "NotNodeOwner",
      [t.nodeId, account.address, t.nodeOwner1.account.address],
    );
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.cancelUnstake([7], { account }),
      t.nodes,
      "UnknownNode",
      [7],
    );
  });
});
