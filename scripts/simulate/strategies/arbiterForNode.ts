import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { honestArbiter } from "../world/honestArbiter.ts";
import { corruptNode, countedCapsUsd, toCap } from "./support.ts";

const accounts = [nodeOwner(1)];

export const arbiterForNode: Strategy = {
  name: "arbiter-frees-its-node",
  who: "arbiter",
  tries: "finds its own node innocent whatever it invents, and so gives it the disputers' bonds",
  accounts,
  cheat(world) {
    corruptNode(world, 1, { report: (w, _, served) => toCap(w, served) });
    world.arbiter = {
      decide: (w, disputed) =>
        w.model.nodes[disputed.nodeId - 1]?.owner === nodeOwner(1)
          ? false
          : honestArbiter.decide(w, disputed),
    };
  },
  bound: {
    text: "caps until owners move away, and a bond for each dispute against it",
    usd: (world) =>
      countedCapsUsd(world, ...accounts) * (1 + Number(world.model.disputeParameters.minBond) / 1e6),
  },
  why: "The arbiter is trusted. Owners learn by a bond each, and move away; over a year the node loses its honest income.",
};
