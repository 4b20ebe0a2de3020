import assert from "node:assert/strict";
import { zeroAddress } from "viem";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  addressOf,
  assertions,
  createProject,
  currentEpoch,
  nextEpoch,
  registerNode,
  signBatch,
  submitBatch,
} from "../support/scenario.ts";

async function withNode() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t);
  const projectId = await createProject(t, { nodeIds: [nodeId] });
  await nextEpoch(t);
  return { ...t, nodeId, projectId };
}
type WithNode = Awaited<ReturnType<typeof withNode>>;

const set = (t: WithNode, operator: `0x${string}`) =>
  t.nodes.write.setOperator([t.nodeId, operator], { account: t.nodeOwner1.account });

describe("NodeRegistry.setOperator", () => {
  it("names another hot key", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const operator = addressOf(t.operator2);
    await assertions.emitWithArgs(set(t, operator), t.nodes, "NodeUpdated", [
      t.nodeId,
      t.nodeOwner1.account.address,
      operator,
      3,
      "https://node.example.org",
    ]);
    assert.deepEqual(await t.nodes.read.signerOf([t.nodeId]), [operator, 0]);
  });

  it("judges a batch by the operator of its submission: yesterday's signature is refused, today's counts", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const epoch = await currentEpoch(t);
    await nextEpoch(t);
    const usage = { nodeId: t.nodeId, epoch, receipts: [{ projectId: t.projectId }] };
    const before = await signBatch(t, { ...usage, operator: t.operator1 });
    await set(t, t.operator2.account.address);
    await assertions.revertWithCustomErrorWithArgs(
      submitBatch(t, before),
      t.settlement,
      "WrongBatchSignature",
      [t.nodeId, t.operator2.account.address],
    );
    await submitBatch(t, await signBatch(t, { ...usage, operator: t.operator2 }));
    assert.equal(await t.settlement.read.isCounted([t.projectId, epoch, 0]), true);
  });

  it("takes the old key's other powers too", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await set(t, t.operator2.account.address);
    const { account } = t.operator1;
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.setPresence([t.nodeId, await currentEpoch(t), 0], { account }),
      t.nodes,
      "NotNodeKeeper",
      [t.nodeId, account.address],
    );
    assert.equal(await t.nodes.read.isKeeper([t.nodeId, account.address]), false);
    assert.equal(await t.nodes.read.isKeeper([t.nodeId, t.operator2.account.address]), true);
  });

  it("refuses the zero operator", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await assertions.revertWithCustomErrorWithArgs(set(t, zeroAddress), t.nodes, "ZeroOperator", []);
  });

  it("is the owner's alone: a stolen hot key cannot make itself permanent", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const { account } = t.operator1;
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.setOperator([t.nodeId, t.stranger.account.address], { account }),
      t.nodes,
      "NotNodeOwner",
      [t.nodeId, account.address, t.nodeOwner1.account.address],
    );
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.setOperator([3, account.address], { account }),
      t.nodes,
      "UnknownNode",
      [3],
    );
  });
});
