import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd, toCap } from "./support.ts";

const accounts = [nodeOwner(1), nodeOwner(2), nodeOwner(3), nodeOwner(4)];

export const replicasColludeUnseen: Strategy = {
  name: "replicas-collude-unseen",
  who: "node",
  tries: "four of six nodes invent to the cap, where owners do nothing but compare replicas",
  accounts,
  assumptions: { attention: 0, falseAlarm: 0 },
  cheat(world) {
    for (const index of [1, 2, 3, 4])
      corruptNode(world, index, { report: (w, _, served) => toCap(w, served) });
  },
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "Comparing replicas is no check where most of them are one party's: an owner needs a measure of its own, or nodes it chose.",
};
