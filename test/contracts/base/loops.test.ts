import assert from "node:assert/strict";
import { encodeFunctionData, type Hex } from "viem";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  createProject,
  currentEpoch,
  FULL,
  type Network,
  nextEpoch,
  registerNode,
  signBatch,
  submitBatch,
  USD,
} from "../support/scenario.ts";

/** Less than what one more cold slot costs; signatures differ by a few bytes of zero. */
const SAME = 1_000n;
const CHANGES = 60;

/** Two projects whose terms change in each epoch: one for 60 epochs, the other for as long as receipts may come. */
async function withOldTerms() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t);
  const old = await createProject(t, { nodeIds: [nodeId] });
  const young = await createProject(t, { nodeIds: [nodeId] });
  const owner = { account: t.owner.account };
  for (let i = 0; i < CHANGES; i++) {
    await nextEpoch(t);
    await t.projects.write.setBudget([old, Number(USD) + i], owner);
    if (i >= CHANGES - 6) await t.projects.write.setBudget([young, Number(USD) + i], owner);
  }
  await nextEpoch(t);
  return { ...t, nodeId, old, young };
}

const gasUsed = async ({ publicClient }: Network, hash: Hex): Promise<bigint> =>
  (await publicClient.getTransactionReceipt({ hash })).gasUsed;

const near = (a: bigint, b: bigint): boolean => (a > b ? a - b : b - a) < SAME;

describe("What a call costs", () => {
  it("does not grow with the terms that a project once had: a receipt, and what is available", async () => {
    const t = await networkHelpers.loadFixture(withOldTerms);
    const { nodeId } = t;
    const submitted: bigint[] = [];
    const available: bigint[] = [];
    for (const projectId of [t.old, t.young]) {
      const snapshot = await networkHelpers.takeSnapshot();
      // The oldest epoch that may still come: its terms are the farthest behind the newest.
      const epoch = (await currentEpoch(t)) - t.network.times.late;
      const batch = await signBatch(t, { nodeId, epoch, receipts: [{ projectId, requests: 9n }] });
      submitted.push(await gasUsed(t, await submitBatch(t, batch)));
      const { abi, address } = t.escrow;
      const data = encodeFunctionData({ abi, functionName: "available", args: [projectId] });
      available.push(await t.publicClient.estimateGas({ to: address, data }));
      await snapshot.restore();
    }
    const [[ofOld = 0n, ofYoung = 0n], [toOld = 0n, toYoung = 0n]] = [submitted, available];
    assert.ok(ofOld > 0n && near(ofOld, ofYoung), `a receipt: ${ofOld} and ${ofYoung}`);
    assert.ok(toOld > 0n && near(toOld, toYoung), `what is available: ${toOld} and ${toYoung}`);
  });

  it("does not grow with what strangers registered: a node leaves a full pool as it leaves a small one", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const leaving = async (): Promise<bigint> => {
      const snapshot = await networkHelpers.takeSnapshot();
      const until = await currentEpoch(t);
      const hash = await t.nodes.write.setPresence([1, until, FULL], { account: t.nodeOwner1.account });
      const gas = await gasUsed(t, hash);
      await snapshot.restore();
      return gas;
    };
    for (let i = 0; i < 20; i++) await registerNode(t);
    const small = await leaving();
    for (let i = 0; i < 80; i++) await registerNode(t);
    assert.ok(near(await leaving(), small), `${await leaving()} and ${small}`);
  });
});
