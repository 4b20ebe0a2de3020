import { PROTOCOL } from "../assumptions.ts";
import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { NOTHING, sumOf } from "../world/traffic.ts";
import type { World } from "../world/World.ts";
import { corruptNode } from "./support.ts";

const RISES = 100;

export const priceRiseFrontRun: Strategy = {
  name: "node-moves-usage-past-a-price-rise",
  who: "node",
  tries:
    "knows of doubled prices two epochs ahead, and reports those two epochs' usage in the first dear one",
  accounts: [nodeOwner(1)],
  prepare: {
    name: "prices double",
    apply(world) {
      world.hooks.push((w) => {
        if (w.epoch !== RISES - 2) return;
        const { base, perMRequests, perMCpuMs, perGiB } = PROTOCOL.prices;
        const doubled = {
          base,
          perMRequests: 2n * perMRequests,
          perMCpuMs: 2n * perMCpuMs,
          perGiB: 2n * perGiB,
        };
        w.act({
          kind: "setPrices",
          by: "admin",
          prices: { ...PROTOCOL.prices, ...doubled, fromEpoch: RISES },
        });
      });
    },
  },
  cheat: (world) =>
    corruptNode(world, 1, {
      report(w, _, { usage, projectId, nodeId, epoch }) {
        if (usage.requests === 0n || epoch === RISES - 1 || epoch === RISES - 2) return undefined;
        return epoch === RISES
          ? [RISES - 1, RISES - 2].reduce((sum, past) => sumOf(sum, usageIn(w, past)), usage)
          : usage;

        function usageIn(w2: World, past: number) {
          return w2.served.get(`${projectId}/${nodeId}/${past}`)?.usage ?? NOTHING;
        }
      },
    }),
  why: "A receipt has the prices of its own epoch: what is moved there is an excess as any, for one epoch's difference.",
};
