import assert from "node:assert/strict";
import { encodeFunctionData, type Hex } from "viem";
import { connection, deployNetwork, networkHelpers, viem } from "../support/network.ts";
import { ALL_REGIONS, currentEpoch, nextEpoch, registerNode } from "../support/scenario.ts";

/** The parameters and the pool's lengths. */
const FIRST_READS = 2;
/** A draw looks at 16 candidates, and for each at its place in the pool and at one slot of the node. */
const MOST_READS = FIRST_READS + 16 + 16;

interface Trace {
  structLogs: { op: string }[];
}

/** How often a call reads storage. */
async function readsOf(to: Hex, data: Hex): Promise<number> {
  const trace = (await connection.provider.request({
    method: "debug_traceCall",
    params: [{ to, data, gas: "0x1000000" }, "latest"],
  })) as Trace;
  return trace.structLogs.filter(({ op }) => op === "SLOAD").length;
}

/** 40 nodes in all nine regions of which the first 36 have expired. */
async function withExpired() {
  const t = await deployNetwork();
  for (let i = 0; i < 40; i++) await registerNode(t, { region: i % 9 });
  const epoch = (await currentEpoch(t)) + 3; // a second for each transaction
  for (let nodeId = 1; nodeId <= 36; nodeId++) {
    await t.nodes.write.setPresence([nodeId, epoch, 0], { account: t.operator1.account });
  }
  await nextEpoch(t, 4);
  return t;
}

const draw = (t: Awaited<ReturnType<typeof withExpired>>, count: bigint, seed: bigint) =>
  encodeFunctionData({ abi: t.nodes.abi, functionName: "draw", args: [count, ALL_REGIONS, seed, 50_000] });

describe("What a draw reads", () => {
  it("is 16 candidates at most, however many have expired and however many are asked for", async () => {
    const t = await networkHelpers.loadFixture(withExpired);
    const reads: number[] = [];
    for (let seed = 0n; seed < 20n; seed++) reads.push(await readsOf(t.nodes.address, draw(t, 8n, seed)));
    assert.equal(Math.max(...reads), MOST_READS);
    assert.equal(Math.min(...reads), MOST_READS); // 8 live ones there are not: it goes on to the end
  });

  it("is no more than it takes: two for each candidate up to the last that is given", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    for (let i = 0; i < 12; i++) await registerNode(t, { region: i % 9 });
    for (const count of [1n, 3n, 8n]) {
      const data = encodeFunctionData({
        abi: t.nodes.abi,
        functionName: "draw",
        args: [count, ALL_REGIONS, 5n, 50_000],
      });
      assert.equal(await readsOf(t.nodes.address, data), FIRST_READS + 2 * Number(count));
    }
  });

  it("does not grow with the pool", async () => {
    const libraries = await viem.deployContract("Libraries");
    const data = encodeFunctionData({ abi: libraries.abi, functionName: "drawAll", args: [0x1ffn, 7n] });
    const fill = async (from: number) => {
      for (let region = 0; region < 9; region++) {
        const nodeIds = Array.from({ length: 60 }, (_, i) => from + region * 60 + i);
        await libraries.write.fillPool([region, nodeIds]);
      }
      return readsOf(libraries.address, data);
    };
    const small = await fill(1);
    assert.equal(small, 1 + 16);
    await fill(1_000);
    assert.equal(await fill(2_000), small);
  });
});
