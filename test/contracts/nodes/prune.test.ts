import assert from "node:assert/strict";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import { assertions, currentEpoch, nextEpoch, registerNode, USD } from "../support/scenario.ts";

async function withNodes() {
  const t = await deployNetwork();
  const nodeIds = [
    await registerNode(t, { accepting: false }),
    await registerNode(t),
    await registerNode(t),
  ] as const;
  await nextEpoch(t);
  await t.nodes.write.setAccepting([nodeIds[0], (await currentEpoch(t)) + 2], {
    account: t.operator1.account,
  });
  return { ...t, nodeIds };
}
type WithNodes = Awaited<ReturnType<typeof withNodes>>;

const prune = (t: WithNodes, nodeId: number) =>
  t.nodes.write.prune([nodeId], { account: t.stranger.account });

describe("NodeRegistry.prune", () => {
  it("lets anyone take a node out of the pool after the last epoch it promised, not in it", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const [nodeId, second, third] = t.nodeIds;
    const { acceptingUntil } = await t.nodes.read.nodeOf([nodeId]);
    await atLastSecondOf(t, acceptingUntil);
    await assertions.revertWithCustomErrorWithArgs(prune(t, nodeId), t.nodes, "StillAccepting", [
      nodeId,
      acceptingUntil,
    ]);
    await atFirstSecondOf(t, acceptingUntil + 1);
    await assertions.emitWithArgs(prune(t, nodeId), t.nodes, "Pruned", [nodeId]);
    assert.equal(await t.nodes.read.poolSize([3]), 2n);
    assert.deepEqual(new Set(await t.nodes.read.draw([8n, 1 << 3, 0n])), new Set([second, third]));
  });

  it("is no end: the node comes back with its next promise", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const [nodeId] = t.nodeIds;
    const epoch = await nextEpoch(t, 3);
    await prune(t, nodeId);
    await t.nodes.write.setAccepting([nodeId, epoch], { account: t.operator1.account });
    assert.equal(await t.nodes.read.poolSize([3]), 3n);
  });

  it("does not forgive: a pruned node that says nothing is gone all the same", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    await nextEpoch(t, 5);
    await prune(t, t.nodeIds[0]);
    assert.equal(await t.nodes.read.isGone([t.nodeIds[0]]), true);
  });

  it("finds nothing where the node is pruned, full or retired already", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const [expired, full, retired] = t.nodeIds;
    await nextEpoch(t, 3);
    await prune(t, expired);
    await t.nodes.write.setAccepting([full, 0], { account: t.operator1.account });
    await t.nodes.write.requestUnstake([retired, 1_000n * USD], { account: t.nodeOwner1.account });
    for (const nodeId of t.nodeIds) {
      await assertions.revertWithCustomErrorWithArgs(prune(t, nodeId), t.nodes, "NotInPool", [nodeId]);
    }
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
  });

  it("knows no node that was not registered", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    await assertions.revertWithCustomErrorWithArgs(prune(t, 4), t.nodes, "UnknownNode", [4]);
  });
});
