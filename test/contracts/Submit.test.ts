import assert from "node:assert/strict";
import { deployNetwork, networkHelpers } from "./support/network.ts";
import {
  assertions,
  createProject,
  currentEpoch,
  encodeLines,
  lineAmount,
  nextEpoch,
  registerNode,
  signBatch,
  submitBatch,
  submitUsage,
  USD,
} from "./support/scenario.ts";

async function withProject() {
  const network = await deployNetwork();
  const nodeId = await registerNode(network);
  const projectId = await createProject(network, { nodeIds: [nodeId] });
  return { ...network, nodeId, projectId };
}

describe("UsageSettlement.submit", () => {
  it("charges the project what the receipt costs and emits exactly the counted lines", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const { nodeId, projectId } = t;
    const epoch = await currentEpoch(t);
    await nextEpoch(t);
    const usage = { projectId, requests: 20_000n, cpuMs: 500_000n, egressKiB: 2_048n };
    const batch = await signBatch(t, { nodeId, epoch, receipts: [usage] });
    // 1000 base + (10,000 * 300,000 + 500,000 * 20,000) / 1e6 + 2,048 * 50,000 / 2^20, floored
    const amount = 1_000n + 13_000n + 97n;
    await assertions.emitWithArgs(submitBatch(t, batch), t.settlement, "BatchCounted", [
      nodeId,
      epoch,
      batch.statements,
      encodeLines([{ ...usage, amount }]),
    ]);
    assert.equal((await t.escrow.read.accountOf([projectId])).balance, 1_000n * USD - amount);
    assert.deepEqual(await t.settlement.read.pending([nodeId, epoch]), [amount, 500]);
  });

  it("gives back the lines", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const epoch = await currentEpoch(t);
    await nextEpoch(t);
    const { lines } = await submitUsage(t, { nodeId: t.nodeId, epoch, receipts: [{ projectId: t.projectId }] });
    assert.equal(lineAmount(lines), 1_000n);
  });
});
