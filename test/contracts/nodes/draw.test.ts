import assert from "node:assert/strict";
import { deployNetwork, networkHelpers, viem } from "../support/network.ts";
import {
  ALL_REGIONS,
  assertions,
  currentEpoch,
  FULL,
  nextEpoch,
  registerNode,
  USD,
} from "../support/scenario.ts";
import { slashAsSettlement } from "../support/slash.ts";

/** Nodes 1 to 12 in region 3, 13 to 16 in region 8, 17 in region 0. */
async function withNodes() {
  const t = await deployNetwork();
  for (let i = 0; i < 17; i++) await registerNode(t, { region: i < 12 ? 3 : i < 16 ? 8 : 0 });
  await nextEpoch(t);
  return t;
}
type WithNodes = Awaited<ReturnType<typeof withNodes>>;

const SEEDS = Array.from({ length: 60 }, (_, i) => BigInt(i) ** 5n);

const CAP = 50_000;
const draw = (t: WithNodes, count: bigint, regionMask: number, seed: bigint, cap = CAP) =>
  t.nodes.read.draw([count, regionMask, seed, cap]);
/** What a region of few nodes gives to a cap, whatever the seed. */
async function drawable(t: WithNodes, regionMask: number, cap: number): Promise<number[]> {
  const seen = new Set<number>();
  for (const seed of SEEDS.slice(0, 5)) {
    for (const nodeId of await draw(t, 8n, regionMask, seed, cap)) seen.add(nodeId);
  }
  return [...seen].sort((a, b) => a - b);
}

/** Lets the presence of `nodeIds` end with this epoch, and moves to the next. */
async function expire(t: WithNodes, nodeIds: number[]): Promise<void> {
  await nextEpoch(t);
  const epoch = await currentEpoch(t);
  for (const nodeId of nodeIds) {
    await t.nodes.write.setPresence([nodeId, epoch, 0], { account: t.operator1.account });
  }
  await nextEpoch(t);
}

describe("NodeRegistry.draw", () => {
  it("gives as many different nodes as asked for, 1 to 8", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    for (const seed of SEEDS) {
      for (const count of [1, 3, 8]) {
        const nodeIds = await draw(t, BigInt(count), ALL_REGIONS, seed);
        assert.equal(new Set(nodeIds).size, count);
        assert.ok(nodeIds.every((nodeId) => nodeId >= 1 && nodeId <= 17));
      }
    }
    for (const count of [0n, 9n, 2n ** 255n]) {
      await assertions.revertWithCustomErrorWithArgs(
        draw(t, count, ALL_REGIONS, 0n),
        t.nodes,
        "DrawCountOutOfRange",
        [count],
      );
    }
  });

  it("draws the first of many as it draws one: a larger count changes nothing before it", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const eight = await draw(t, 8n, ALL_REGIONS, 7n);
    assert.deepEqual(await draw(t, 3n, ALL_REGIONS, 7n), eight.slice(0, 3));
  });

  it("draws from the regions of the mask alone", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    for (const seed of SEEDS.slice(0, 20)) {
      assert.ok((await draw(t, 8n, 1 << 3, seed)).every((nodeId) => nodeId <= 12));
      assert.deepEqual(new Set(await draw(t, 8n, 1 << 8, seed)), new Set([13, 14, 15, 16]));
      assert.deepEqual(await draw(t, 8n, 1 << 0, seed), [17]);
      assert.deepEqual(new Set(await draw(t, 8n, (1 << 0) | (1 << 8), seed)), new Set([13, 14, 15, 16, 17]));
    }
  });

  it("takes a mask of the nine regions, and not an empty one", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    for (const mask of [0, ALL_REGIONS + 1, 0xffff]) {
      await assertions.revertWithCustomErrorWithArgs(draw(t, 1n, mask, 0n), t.nodes, "RegionMaskOutOfRange", [
        mask,
      ]);
    }
    assert.equal((await draw(t, 8n, ALL_REGIONS, 0n)).length, 8);
  });

  it("says so where no node takes projects", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    await assertions.revertWithCustomErrorWithArgs(draw(t, 1n, 1 << 5, 0n), t.nodes, "NoNodes", [1 << 5]);
    await expire(t, [17]);
    await assertions.revertWithCustomErrorWithArgs(draw(t, 1n, 1 << 0, 0n), t.nodes, "NoNodes", [1 << 0]);
  });

  it("passes over nodes that have expired, and gives fewer where it finds fewer", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    await expire(t, [14, 16]);
    assert.equal(await t.nodes.read.poolSize([8]), 4n);
    for (const seed of SEEDS.slice(0, 20)) {
      assert.deepEqual(new Set(await draw(t, 8n, 1 << 8, seed)), new Set([13, 15]));
      assert.equal((await draw(t, 1n, 1 << 8, seed)).length, 1);
    }
  });

  it("draws a node in the last epoch of its presence", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const epoch = await currentEpoch(t);
    await t.nodes.write.setPresence([17, epoch, 0], { account: t.operator1.account });
    assert.deepEqual(await draw(t, 1n, 1 << 0, 0n), [17]);
    await nextEpoch(t);
    await assertions.revertWithCustomErrorWithArgs(draw(t, 1n, 1 << 0, 0n), t.nodes, "NoNodes", [1 << 0]);
  });

  it("looks at 16 candidates and no more", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    // All but one of 17 have expired: a draw finds it unless it would be the 17th, which is so for one seed in 17.
    await expire(
      t,
      Array.from({ length: 16 }, (_, i) => i + 1),
    );
    const draws = Array.from({ length: 340 }, (_, seed) =>
      draw(t, 8n, ALL_REGIONS, BigInt(seed)).catch(async (failure) => {
        await assertions.revertWithCustomErrorWithArgs(Promise.reject(failure), t.nodes, "NoNodes", [
          ALL_REGIONS,
        ]);
        return [];
      }),
    );
    let missed = 0;
    for (const nodeIds of await Promise.all(draws)) {
      if (nodeIds.length === 0) missed++;
      else assert.deepEqual(nodeIds, [17]);
    }
    // 20 are to be expected; 40 if it looked at 15, none if it looked at 17. The seeds are the same in every run.
    assert.ok(missed >= 10 && missed <= 30, `missed ${missed} of 340`);
  });

  it("never gives a full or a retired node", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    await t.nodes.write.setPresence([13, (await currentEpoch(t)) + 1, FULL], {
      account: t.operator1.account,
    });
    await t.nodes.write.requestUnstake([15, 12_000n * USD], { account: t.nodeOwner1.account });
    for (const seed of SEEDS.slice(0, 20)) {
      for (const cap of [CAP, FULL]) {
        if (cap === FULL) {
          // No stake carries the greatest cap; and it is no cap that a full node takes.
          await assertions.revertWithCustomErrorWithArgs(draw(t, 8n, 1 << 8, seed, cap), t.nodes, "NoNodes", [
            1 << 8,
          ]);
        } else {
          assert.deepEqual(new Set(await draw(t, 8n, 1 << 8, seed, cap)), new Set([14, 16]));
        }
      }
    }
  });

  it("gives a cap to nodes that take so little, and to no others", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const until = (await currentEpoch(t)) + 9;
    for (const [nodeId, leastCap] of [
      [13, 0],
      [14, 50_000],
      [15, 50_001],
      [16, 1_000_000],
    ] as const) {
      await t.nodes.write.setPresence([nodeId, until, leastCap], { account: t.operator1.account });
    }
    assert.deepEqual(await drawable(t, 1 << 8, 49_999), [13]);
    assert.deepEqual(await drawable(t, 1 << 8, 50_000), [13, 14]);
    assert.deepEqual(await drawable(t, 1 << 8, 50_001), [13, 14, 15]);
    assert.deepEqual(await drawable(t, 1 << 8, 1_000_000), [13, 14, 15, 16]);
    await t.nodes.write.setPresence([13, until, 50_000], { account: t.operator1.account });
    await assertions.revertWithCustomErrorWithArgs(draw(t, 8n, 1 << 8, 0n, 49_999), t.nodes, "NoNodes", [
      1 << 8,
    ]);
  });

  it("gives a cap to nodes whose stake carries it: 120 times as much that does not thaw", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const most = 100 * Number(USD); // what 12,000 carries
    const { account } = t.nodeOwner1;
    assert.deepEqual(await drawable(t, 1 << 8, most), [13, 14, 15, 16]);
    await t.nodes.write.requestUnstake([13, 1n], { account });
    await t.nodes.write.requestUnstake([14, 6_000n * USD], { account });
    await slashAsSettlement(t, 15, 120n);
    assert.deepEqual(await drawable(t, 1 << 8, most), [16]);
    assert.deepEqual(await drawable(t, 1 << 8, most - 1), [13, 15, 16]);
    assert.deepEqual(await drawable(t, 1 << 8, 50 * Number(USD) + 1), [13, 15, 16]);
    assert.deepEqual(await drawable(t, 1 << 8, 50 * Number(USD)), [13, 14, 15, 16]);

    // It follows the stake both ways.
    await t.nodes.write.cancelUnstake([14], { account });
    assert.deepEqual(await drawable(t, 1 << 8, most), [14, 16]);
  });

  it("never gives a node that a slash is about to retire", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    await t.nodes.write.requestUnstake([14, 11_000n * USD], { account: t.nodeOwner1.account });
    assert.deepEqual(await drawable(t, 1 << 8, 1), [13, 14, 15, 16]);
    await slashAsSettlement(t, 14, 1n);
    assert.deepEqual(await drawable(t, 1 << 8, 1), [13, 15, 16]);
  });
});

/** Pearson's statistic of `counts` against the same expectation for each. */
function chiSquared(counts: Iterable<number>, expected: number): number {
  let sum = 0;
  for (const count of counts) sum += (count - expected) ** 2 / expected;
  return sum;
}

/** 20 members in three regions, and 4 in a fourth that the mask leaves out. */
async function withPool() {
  const libraries = await viem.deployContract("Libraries");
  await libraries.write.fillPool([0, [11, 12, 13, 14, 15]]);
  await libraries.write.fillPool([2, [901, 902, 903, 904]]);
  await libraries.write.fillPool([4, [21, 22, 23, 24, 25, 26, 27, 28]]);
  await libraries.write.fillPool([8, [31, 32, 33, 34, 35, 36, 37]]);
  return libraries;
}
const MASK = (1n << 0n) | (1n << 4n) | (1n << 8n);
const MEMBERS = [11, 12, 13, 14, 15, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33, 34, 35, 36, 37];
const DRAWS = 3_000;

describe("The order of a draw", () => {
  const orders: number[][] = [];

  before(async () => {
    const libraries = await networkHelpers.loadFixture(withPool);
    for (let first = 0; first < DRAWS; first += 250) {
      const seeds = Array.from({ length: 250 }, (_, i) => BigInt(first + i));
      for (const order of await Promise.all(seeds.map((seed) => libraries.read.drawAll([MASK, seed])))) {
        orders.push(order.map(Number));
      }
    }
  });

  it("has 16 different members of the masked regions", () => {
    const members = new Set(MEMBERS);
    for (const order of orders) {
      assert.equal(order.length, 16);
      assert.equal(new Set(order).size, 16);
      assert.ok(order.every((nodeId) => members.has(nodeId)));
    }
  });

  it("puts every member as often to every place", () => {
    // The seeds are the same in every run: the bound, passed by chance once in a million, is no cause of flakes.
    for (let place = 0; place < 16; place++) {
      const counts = new Map(MEMBERS.map((nodeId) => [nodeId, 0]));
      for (const order of orders) counts.set(order[place] ?? 0, (counts.get(order[place] ?? 0) ?? 0) + 1);
      const statistic = chiSquared(counts.values(), DRAWS / MEMBERS.length);
      assert.ok(statistic < 62.2, `place ${place}: chi-squared of 19 degrees is ${statistic}`);
    }
  });

  it("lets the first say nothing about the second", () => {
    const counts = new Map<string, number>();
    for (const a of MEMBERS) for (const b of MEMBERS) if (a !== b) counts.set(`${a} ${b}`, 0);
    for (const [a, b] of orders) counts.set(`${a} ${b}`, (counts.get(`${a} ${b}`) ?? 0) + 1);
    assert.equal(counts.size, 380);
    const statistic = chiSquared(counts.values(), DRAWS / 380);
    assert.ok(statistic < 529, `chi-squared of 379 degrees is ${statistic}`);
  });
});

describe("The order of a draw from a small pool", () => {
  it("is each of the six orders of three members as often", async () => {
    const libraries = await viem.deployContract("Libraries");
    await libraries.write.fillPool([1, [7]]);
    await libraries.write.fillPool([6, [8, 9]]);
    const counts = new Map<string, number>();
    const seeds = Array.from({ length: 1_200 }, (_, i) => BigInt(i) << 200n);
    for (const order of await Promise.all(seeds.map((seed) => libraries.read.drawAll([0x1ffn, seed])))) {
      assert.deepEqual(order.map(Number).sort(), [7, 8, 9]);
      counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1);
    }
    assert.equal(counts.size, 6);
    const statistic = chiSquared(counts.values(), 200);
    assert.ok(statistic < 35.9, `chi-squared of 5 degrees is ${statistic}`);
  });
});
