import assert from "node:assert/strict";
import { encodeAbiParameters, encodeFunctionData, type Hex, keccak256, parseAbiParameters } from "viem";
import { connection, deployNetwork, networkHelpers, viem } from "../support/network.ts";
import { ALL_REGIONS, currentEpoch, type Network, nextEpoch, registerNode } from "../support/scenario.ts";

/** A draw looks at 16 candidates. */
const CANDIDATES = 16;
/** Beside them at the parameters, at the pool's lengths, and at most at a place in the pool for each. */
const OTHERS = 2;

interface Trace {
  structLogs: { op: string; stack: Hex[] }[];
}

/** The slots that a call reads, in order and as often as it does. */
async function readsOf(to: Hex, data: Hex): Promise<bigint[]> {
  const trace = (await connection.provider.request({
    method: "debug_traceCall",
    params: [{ to, data, gas: "0x1000000" }, "latest"],
  })) as Trace;
  return trace.structLogs.filter(({ op }) => op === "SLOAD").map(({ stack }) => BigInt(stack.at(-1) ?? 0));
}

/** Where the slots of nodes begin: what the mapping of nodes makes of their ids. */
async function nodeSlots({ nodes }: Network): Promise<bigint[]> {
  const count = await nodes.read.nodeCount();
  for (let mapping = 0n; mapping < 12n; mapping++) {
    const slotOf = (nodeId: number) =>
      BigInt(
        keccak256(encodeAbiParameters(parseAbiParameters("uint256, uint256"), [BigInt(nodeId), mapping])),
      );
    if (BigInt(await networkHelpers.getStorageAt(nodes.address, slotOf(1))) === 0n) continue;
    return Array.from({ length: count }, (_, i) => slotOf(i + 1));
  }
  throw new Error("no mapping holds node 1");
}

/** Asserts that a draw read one slot of `candidates` nodes each, the third, and of the pool no more than it had to. */
function requireLean(reads: readonly bigint[], slots: readonly bigint[], candidates: number): void {
  const distinct = [...new Set(reads)];
  const ofNodes = distinct.flatMap((read) =>
    slots.filter((slot) => read >= slot && read < slot + 8n).map((slot) => read - slot),
  );
  assert.deepEqual(
    ofNodes,
    Array.from({ length: candidates }, () => 2n),
  );
  const others = distinct.length - ofNodes.length;
  assert.ok(others > OTHERS && others <= OTHERS + candidates, `${others} slots that are not of nodes`);
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
    const slots = await nodeSlots(t);
    for (let seed = 0n; seed < 20n; seed++) {
      // 8 live ones there are not: it goes on to the end.
      requireLean(await readsOf(t.nodes.address, draw(t, 8n, seed)), slots, CANDIDATES);
    }
  });

  it("is no more than it takes: one slot of each candidate up to the last that is given", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    for (let i = 0; i < 12; i++) await registerNode(t, { region: i % 9 });
    const slots = await nodeSlots(t);
    for (const count of [1n, 3n, 8n]) {
      const data = encodeFunctionData({
        abi: t.nodes.abi,
        functionName: "draw",
        args: [count, ALL_REGIONS, 5n, 50_000],
      });
      requireLean(await readsOf(t.nodes.address, data), slots, Number(count));
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
      return (await readsOf(libraries.address, data)).length;
    };
    const small = await fill(1);
    assert.equal(small, 1 + CANDIDATES);
    await fill(1_000);
    assert.equal(await fill(2_000), small);
  });
});
