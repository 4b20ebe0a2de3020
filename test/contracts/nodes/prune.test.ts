import assert from "node:assert/strict";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  assertions,
  createProject,
  currentEpoch,
  FULL,
  nextEpoch,
  registerNode,
  USD,
} from "../support/scenario.ts";

async function withNodes() {
  const t = await deployNetwork();
  const nodeIds = [
    await registerNode(t, { present: false }),
    await registerNode(t),
    await registerNode(t),
  ] as const;
  await nextEpoch(t);
  await t.nodes.write.setPresence([nodeIds[0], (await currentEpoch(t)) + 2, 0], {
    account: t.operator1.account,
  });
  return { ...t, nodeIds };
}
type WithNodes = Awaited<ReturnType<typeof withNodes>>;

const prune = (t: WithNodes, nodeId: number) =>
  t.nodes.write.prune([nodeId], { account: t.stranger.account });

describe("NodeRegistry.prune", () => {
  it("lets anyone take a node out of the pool after the last epoch of its presence, not in it", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const [nodeId, second, third] = t.nodeIds;
    const { presentUntil } = await t.nodes.read.nodeOf([nodeId]);
    await atLastSecondOf(t, presentUntil);
    await assertions.revertWithCustomErrorWithArgs(prune(t, nodeId), t.nodes, "StillPresent", [
      nodeId,
      presentUntil,
    ]);
    await atFirstSecondOf(t, presentUntil + 1);
    await assertions.emitWithArgs(prune(t, nodeId), t.nodes, "Pruned", [nodeId]);
    assert.equal(await t.nodes.read.poolSize([3]), 2n);
    assert.deepEqual(new Set(await t.nodes.read.draw([8n, 1 << 3, 0n, 50_000])), new Set([second, third]));
  });

  it("is no end: the node comes back when it says that it lives", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const [nodeId] = t.nodeIds;
    const epoch = await nextEpoch(t, 3);
    await prune(t, nodeId);
    await t.nodes.write.setPresence([nodeId, epoch, 0], { account: t.operator1.account });
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
    const epoch = await currentEpoch(t);
    await t.nodes.write.setPresence([full, epoch, FULL], { account: t.operator1.account });
    await t.nodes.write.requestUnstake([retired, 12_000n * USD], { account: t.nodeOwner1.account });
    for (const nodeId of t.nodeIds) {
      await assertions.revertWithCustomErrorWithArgs(prune(t, nodeId), t.nodes, "NotInPool", [nodeId]);
    }
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
  });

  it("takes nothing else from an absent node: its seats stay until somebody refills them", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const [nodeId] = t.nodeIds;
    const projectId = await createProject(t, { nodeIds: [nodeId] });
    const before = await t.nodes.read.nodeOf([nodeId]);
    const epoch = await nextEpoch(t, 3);
    await prune(t, nodeId);
    const after = await t.nodes.read.nodeOf([nodeId]);
    assert.deepEqual(after, before);
    assert.deepEqual((await t.projects.read.termsAt([projectId, epoch + 1]))[0], [nodeId]);
  });

  it("knows no node that was not registered", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    await assertions.revertWithCustomErrorWithArgs(prune(t, 4), t.nodes, "UnknownNode", [4]);
  });
});
