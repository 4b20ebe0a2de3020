import assert from "node:assert/strict";
import fc from "fast-check";
import { startOf } from "../support/clock.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import { assertions, registerNode, USD } from "../support/scenario.ts";

/** Few enough that one draw shows every member of a region. */
const NODES = 8;
const REGIONS = [0, 3, 8];

async function withNodes() {
  const t = await deployNetwork();
  for (let i = 0; i < NODES; i++) {
    await registerNode(t, { region: REGIONS[i % 3] ?? 0, accepting: false, stake: 1_000n * USD });
  }
  return t;
}

type Step =
  | { action: "accept"; node: number; ahead: number }
  | { action: "full" | "prune" | "retire"; node: number }
  | { action: "move"; node: number; region: number }
  | { action: "wait"; epochs: number };

const node = fc.integer({ min: 1, max: NODES });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ action: fc.constant("accept"), node, ahead: fc.integer({ min: 0, max: 6 }) }),
  },
  { weight: 2, arbitrary: fc.record({ action: fc.constant("full"), node }) },
  { weight: 3, arbitrary: fc.record({ action: fc.constant("prune"), node }) },
  { weight: 1, arbitrary: fc.record({ action: fc.constant("retire"), node }) },
  {
    weight: 3,
    arbitrary: fc.record({ action: fc.constant("move"), node, region: fc.constantFrom(...REGIONS) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ action: fc.constant("wait"), epochs: fc.integer({ min: 1, max: 4 }) }),
  },
);

/** What the pool should be: no places, no words, no lengths. */
interface Member {
  region: number;
  until: number;
  pooled: boolean;
  retired: boolean;
}

describe("The pool", () => {
  it("holds, after any walk, exactly the nodes that joined and did not leave", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const t = await networkHelpers.loadFixture(withNodes);
        const operator = { account: t.operator1.account };
        const owner = { account: t.nodeOwner1.account };
        const model = new Map<number, Member>();
        for (let id = 1; id <= NODES; id++) {
          model.set(id, { region: REGIONS[(id - 1) % 3] ?? 0, until: 0, pooled: false, retired: false });
        }
        // The model keeps its own time: one second a transaction, so that both know the epoch.
        let time = await networkHelpers.time.latest();
        const tick = async (seconds = 1) => {
          time += seconds;
          await networkHelpers.time.setNextBlockTimestamp(time);
          return Math.floor((time - startOf(t, 0)) / t.network.epochSeconds);
        };

        for (const next of steps) {
          if (next.action === "wait") {
            await tick(next.epochs * t.network.epochSeconds);
            await networkHelpers.mine();
            continue;
          }
          const member = model.get(next.node);
          assert.ok(member);
          const epoch = await tick();
          switch (next.action) {
            case "accept": {
              const accepted = t.nodes.write.setAccepting([next.node, epoch + next.ahead], operator);
              if (member.retired) {
                await assertions.revertWithCustomError(accepted, t.nodes, "NodeRetired");
              } else {
                await accepted;
                Object.assign(member, { pooled: true, until: epoch + next.ahead });
              }
              break;
            }
            case "full":
              await t.nodes.write.setAccepting([next.node, 0], operator);
              Object.assign(member, { pooled: false, until: 0 });
              break;
            case "move":
              await t.nodes.write.setRegion([next.node, next.region], owner);
              member.region = next.region;
              break;
            case "retire":
              await t.nodes.write.requestUnstake([next.node, 1n], owner);
              Object.assign(member, { pooled: false, retired: true });
              break;
            case "prune": {
              const pruned = t.nodes.write.prune([next.node]);
              if (!member.pooled) {
                await assertions.revertWithCustomErrorWithArgs(pruned, t.nodes, "NotInPool", [next.node]);
              } else if (member.until >= epoch) {
                const args = [next.node, member.until] as const;
                await assertions.revertWithCustomErrorWithArgs(pruned, t.nodes, "StillAccepting", [...args]);
              } else {
                await pruned;
                member.pooled = false;
              }
            }
          }
        }

        const epoch = await tick();
        await networkHelpers.mine();
        for (let region = 0; region < 9; region++) {
          const pooled = [...model].filter(([, member]) => member.pooled && member.region === region);
          assert.equal(
            await t.nodes.read.poolSize([region]),
            BigInt(pooled.length),
            `size of region ${region}`,
          );
          const drawable = pooled.filter(([, member]) => member.until >= epoch).map(([id]) => id);
          const drawn = t.nodes.read.draw([8n, 1 << region, 99n]);
          if (drawable.length === 0) {
            await assertions.revertWithCustomErrorWithArgs(drawn, t.nodes, "NoNodes", [1 << region]);
          } else {
            assert.deepEqual([...(await drawn)].sort(), drawable.sort(), `members of region ${region}`);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it("holds more nodes of a region than fit one word, and loses the right ones", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const members: number[] = [];
    for (let i = 0; i < 20; i++) members.push(await registerNode(t, { region: 6 }));
    assert.equal(await t.nodes.read.poolSize([6]), 20n);
    // The first of a word, the last of one, the last of all, one in the middle.
    const leavers = [0, 7, 8, 15, 19, 11].map((index) => members[index] ?? 0);
    for (const nodeId of leavers) {
      await t.nodes.write.setAccepting([nodeId, 0], { account: t.operator1.account });
    }
    const left = members.filter((nodeId) => !leavers.includes(nodeId));
    assert.equal(await t.nodes.read.poolSize([6]), BigInt(left.length));
    const seen = new Set<number>();
    for (let seed = 0n; seed < 40n; seed++) {
      for (const nodeId of await t.nodes.read.draw([8n, 1 << 6, seed])) seen.add(nodeId);
    }
    assert.deepEqual(
      [...seen].sort((a, b) => a - b),
      left,
    );
  });
});
