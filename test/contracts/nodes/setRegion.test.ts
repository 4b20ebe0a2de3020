import assert from "node:assert/strict";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import { assertions, FULL, nextEpoch, registerNode, USD } from "../support/scenario.ts";

const ENDPOINT = "https://node.example.org";

async function withNodes() {
  const t = await deployNetwork();
  const nodeIds = [
    await registerNode(t, { region: 3 }),
    await registerNode(t, { region: 3 }),
    await registerNode(t, { region: 3 }),
  ] as const;
  return { ...t, nodeIds };
}
type WithNodes = Awaited<ReturnType<typeof withNodes>>;

const set = (t: WithNodes, nodeId: number, region: number) =>
  t.nodes.write.setRegion([nodeId, region], { account: t.nodeOwner1.account });
const drawn = async (t: WithNodes, region: number) =>
  [...(await t.nodes.read.draw([8n, 1 << region, 1n, 50_000]))].sort((a, b) => a - b);

describe("NodeRegistry.setRegion", () => {
  it("moves the node to the pool of its new region, and its neighbours stay", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const [first, second, third] = t.nodeIds;
    await assertions.emitWithArgs(set(t, first, 7), t.nodes, "NodeUpdated", [
      first,
      t.nodeOwner1.account.address,
      t.operator1.account.address,
      7,
      ENDPOINT,
    ]);
    assert.equal((await t.nodes.read.nodeOf([first])).region, 7);
    assert.deepEqual(await drawn(t, 7), [first]);
    assert.deepEqual(await drawn(t, 3), [second, third]);
    assert.deepEqual(await Promise.all([3, 7].map((region) => t.nodes.read.poolSize([region]))), [2n, 1n]);
  });

  it("keeps the presence of the node: who moves takes projects as before", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const [nodeId] = t.nodeIds;
    const until = (await t.nodes.read.currentEpoch()) + 7;
    await t.nodes.write.setPresence([nodeId, until, 60_000], { account: t.operator1.account });
    const before = await t.nodes.read.nodeOf([nodeId]);
    await set(t, nodeId, 0);
    assert.deepEqual(await t.nodes.read.nodeOf([nodeId]), { ...before, region: 0 });
    assert.deepEqual(await t.nodes.read.draw([8n, 1, 1n, 60_000]), [nodeId]);
  });

  it("counts a node once that moves to where it is", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    await set(t, t.nodeIds[1], 3);
    assert.equal(await t.nodes.read.poolSize([3]), 3n);
    assert.deepEqual(await drawn(t, 3), [...t.nodeIds]);
  });

  it("puts no node into the pool that was not there", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const [full, retired] = t.nodeIds;
    const { account } = t.nodeOwner1;
    const until = await t.nodes.read.currentEpoch();
    await t.nodes.write.setPresence([full, until, FULL], { account });
    await t.nodes.write.requestUnstake([retired, 12_000n * USD], { account });
    await set(t, full, 4);
    await set(t, retired, 4);
    assert.equal(await t.nodes.read.poolSize([4]), 0n);
    assert.equal(await t.nodes.read.poolSize([3]), 1n);
    // When it has room again, it has that where it is now.
    await t.nodes.write.setPresence([full, await t.nodes.read.currentEpoch(), 0], { account });
    assert.equal(await t.nodes.read.poolSize([4]), 1n);
  });

  it("leaves an absent node prunable in its new region", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    await nextEpoch(t, 40);
    await set(t, t.nodeIds[0], 8);
    await t.nodes.write.prune([t.nodeIds[0]], { account: t.stranger.account });
    assert.deepEqual(await Promise.all([3, 8].map((region) => t.nodes.read.poolSize([region]))), [2n, 0n]);
  });

  it("knows nine regions", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    await assertions.revertWithCustomErrorWithArgs(set(t, t.nodeIds[0], 9), t.nodes, "UnknownRegion", [9]);
    await assertions.revertWithCustomErrorWithArgs(t.nodes.read.poolSize([9]), t.nodes, "UnknownRegion", [9]);
  });

  it("is the owner's alone", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const { account } = t.operator1;
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.setRegion([t.nodeIds[0], 1], { account }),
      t.nodes,
      "NotNodeOwner",
      [t.nodeIds[0], account.address, t.nodeOwner1.account.address],
    );
    await assertions.revertWithCustomErrorWithArgs(set(t, 12, 1), t.nodes, "UnknownNode", [12]);
  });
});
