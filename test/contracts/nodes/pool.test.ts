import assert from "node:assert/strict";
import fc from "fast-check";
import { startOf } from "../support/clock.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import { assertions, currentEpoch, FULL, fundWallet, registerNode, USD } from "../support/scenario.ts";
import { slashAsSettlement } from "../support/slash.ts";

const CAP = 50_000;

/** Few enough that one draw shows every member of a region. */
const NODES = 8;
const REGIONS = [0, 3, 8];
const STAKE = 1_000n * USD;

async function withNodes() {
  const t = await deployNetwork();
  for (let i = 0; i < NODES; i++) {
    await registerNode(t, { region: REGIONS[i % 3] ?? 0, present: false, stake: STAKE });
  }
  await fundWallet(t, t.stranger, STAKE);
  return t;
}

type Step =
  | { action: "live"; node: number; ahead: number; leastCap: number }
  | { action: "prune" | "retire" | "slash" | "add"; node: number }
  | { action: "move"; node: number; region: number }
  | { action: "wait"; epochs: number };

const node = fc.integer({ min: 1, max: NODES });
const of = (action: "prune" | "retire" | "slash" | "add") => fc.record({ action: fc.constant(action), node });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      action: fc.constant("live"),
      node,
      ahead: fc.integer({ min: 0, max: 6 }),
      leastCap: fc.constantFrom(0, 0, CAP, CAP + 1, FULL),
    }),
  },
  { weight: 3, arbitrary: of("prune") },
  { weight: 1, arbitrary: of("retire") },
  { weight: 2, arbitrary: of("slash") },
  { weight: 3, arbitrary: of("add") },
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
  leastCap: number;
  pooled: boolean;
  stake: bigint;
  /** The first epoch without the node; 0 while it stays. */
  retiredFrom: number;
  liftable: boolean;
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
          model.set(id, {
            region: REGIONS[(id - 1) % 3] ?? 0,
            until: 0,
            leastCap: 0,
            pooled: false,
            stake: STAKE,
            retiredFrom: 0,
            liftable: false,
          });
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
          const mayStay = member.liftable && epoch < member.retiredFrom;
          switch (next.action) {
            case "live": {
              const { ahead, leastCap } = next;
              const set = t.nodes.write.setPresence([next.node, epoch + ahead, leastCap], operator);
              if (member.retiredFrom !== 0 && !mayStay) {
                await assertions.revertWithCustomError(set, t.nodes, "NodeRetired");
              } else {
                await set;
                const pooled = member.retiredFrom === 0 && leastCap !== FULL;
                Object.assign(member, { pooled, leastCap, until: epoch + ahead });
              }
              break;
            }
            case "move":
              await t.nodes.write.setRegion([next.node, next.region], owner);
              member.region = next.region;
              break;
            case "retire":
              await t.nodes.write.requestUnstake([next.node, member.stake], owner);
              if (member.retiredFrom === 0 || member.retiredFrom > epoch + 1) member.retiredFrom = epoch + 1;
              Object.assign(member, { pooled: false, liftable: false });
              break;
            case "slash":
              await slashAsSettlement(t, next.node, 1n);
              member.stake -= 1n;
              if (member.retiredFrom === 0 && member.stake < STAKE) {
                Object.assign(member, { pooled: false, liftable: true, retiredFrom: epoch + 2 });
              }
              break;
            case "add":
              await t.nodes.write.addStake([next.node, 2n], { account: t.stranger.account });
              member.stake += 2n;
              if (mayStay && member.stake >= STAKE) {
                const pooled = member.until >= epoch && member.leastCap !== FULL;
                Object.assign(member, { pooled, liftable: false, retiredFrom: 0 });
              }
              break;
            case "prune": {
              const pruned = t.nodes.write.prune([next.node]);
              if (!member.pooled) {
                await assertions.revertWithCustomErrorWithArgs(pruned, t.nodes, "NotInPool", [next.node]);
              } else if (member.until >= epoch) {
                const args = [next.node, member.until] as const;
                await assertions.revertWithCustomErrorWithArgs(pruned, t.nodes, "StillPresent", [...args]);
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
          const drawable = pooled
            .filter(([, member]) => member.until >= epoch && member.leastCap <= CAP)
            .map(([id]) => id);
          const drawn = t.nodes.read.draw([8n, 1 << region, 99n, CAP]);
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
    const until = (await currentEpoch(t)) + 5;
    for (const nodeId of leavers) {
      await t.nodes.write.setPresence([nodeId, until, FULL], { account: t.operator1.account });
    }
    const left = members.filter((nodeId) => !leavers.includes(nodeId));
    assert.equal(await t.nodes.read.poolSize([6]), BigInt(left.length));
    const seen = new Set<number>();
    for (let seed = 0n; seed < 40n; seed++) {
      for (const nodeId of await t.nodes.read.draw([8n, 1 << 6, seed, CAP])) seen.add(nodeId);
    }
    assert.deepEqual(
      [...seen].sort((a, b) => a - b),
      left,
    );
  });
});
