import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd, toCap } from "./support.ts";

const accounts = [nodeOwner(1), nodeOwner(2)];

export const replicasCollude: Strategy = {
  name: "replicas-collude",
  who: "node",
  tries: "two nodes invent to the cap together, so that neither stands out among the replicas",
  accounts,
  cheat(world) {
    for (const index of [1, 2]) corruptNode(world, index, { report: (w, _, served) => toCap(w, served) });
  },
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "It hides them from owners who only compare replicas, and not from one who compares with visitors or statements.",
};
