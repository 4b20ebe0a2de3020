import assert from "node:assert/strict";
import { keccak256, toHex } from "viem";
import { deployNetwork } from "../support/network.ts";
import { by, load, refused } from "../support/projects.ts";
import {
  createProject,
  encodeLines,
  fundWallet,
  nextEpoch,
  registerNode,
  submitUsage,
  USD,
} from "../support/scenario.ts";

const STATEMENTS = keccak256(toHex("statements"));

/** Three projects of which one node's receipts of one epoch are counted; the last costs more than the least bond. */
async function withBatch() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t);
  for (let i = 0; i < 4; i++) await createProject(t, { nodeIds: [nodeId], cap: 20n * USD });
  const epoch = await nextEpoch(t);
  await nextEpoch(t);
  const receipts = [
    { projectId: 3n, requests: 1_010_000n, cpuMs: 500_000n, egressKiB: 1_048_576n, storedMiB: 2_048n },
    { projectId: 1n },
    { projectId: 2n, cpuMs: 1_000_000_000n },
  ];
  const { lines } = await submitUsage(t, { nodeId, epoch, receipts, statements: STATEMENTS });
  return { ...t, nodeId, epoch, lines };
}

const FIRST = {
  projectId: 3n,
  requests: 1_010_000n,
  cpuMs: 500_000n,
  egressKiB: 1_048_576n,
  storedMiB: 2_048n,
  // base, a million requests beyond those included, 500 s of CPU, 1 GiB out, 2 GiB held
  amount: 1_000n + 300_000n + 10_000n + 50_000n + 2_000n,
};
const NOTHING = { requests: 0n, cpuMs: 0n, egressKiB: 0n, storedMiB: 0n };

describe("Lens.linesOf", () => {
  it("reads the lines of a batch as they were counted", async () => {
    const t = await load(withBatch);
    assert.deepEqual(await t.lens.read.linesOf([t.lines]), [
      FIRST,
      { ...NOTHING, projectId: 1n, amount: 1_000n },
      { ...NOTHING, projectId: 2n, cpuMs: 1_000_000_000n, amount: 20n * USD },
    ]);
    assert.deepEqual(await t.lens.read.linesOf(["0x"]), []);
  });

  it("reads the greatest values that a line can hold", async () => {
    const t = await load(withBatch);
    const most = {
      projectId: 2n ** 64n - 1n,
      requests: 2n ** 56n - 1n,
      cpuMs: 2n ** 48n - 1n,
      egressKiB: 2n ** 48n - 1n,
      storedMiB: 2n ** 40n - 1n,
      amount: 2n ** 64n - 1n,
    };
    assert.deepEqual(await t.lens.read.linesOf([encodeLines([most, { ...FIRST }])]), [most, FIRST]);
  });
});

describe("Lens.findLine", () => {
  it("gives what a dispute asks for, and a dispute takes it", async () => {
    const t = await load(withBatch);
    const { minBond } = await t.settlement.read.parameters();
    const [index, line, bond] = await t.lens.read.findLine([t.lines, 3n]);
    assert.deepEqual([index, line, bond], [0n, FIRST, minBond]);
    const [dear, { amount }, dearBond] = await t.lens.read.findLine([t.lines, 2n]);
    assert.deepEqual([dear, amount, dearBond], [2n, 20n * USD, 20n * USD]);

    await fundWallet(t, t.owner, dearBond);
    await t.settlement.write.dispute(
      [t.nodeId, t.epoch, STATEMENTS, t.lines, dear, dearBond, "not served"],
      by(t.owner),
    );
    assert.equal(await t.usd.read.balanceOf([t.owner.account.address]), 0n);
  });

  it("gives what a release asks for", async () => {
    const t = await load(withBatch);
    const [index, , bond] = await t.lens.read.findLine([t.lines, 1n]);
    assert.deepEqual([index, bond], [1n, (await t.settlement.read.parameters()).minBond]);
    await t.settlement.write.release([t.nodeId, t.epoch, STATEMENTS, t.lines, index, "0x"], by(t.owner));
  });

  it("says when there is none", async () => {
    const t = await load(withBatch);
    await refused(t.lens.read.findLine([t.lines, 4n]), t.lens, "NoLineOf", [4n]);
    await refused(t.lens.read.findLine(["0x", 1n]), t.lens, "NoLineOf", [1n]);
  });
});
