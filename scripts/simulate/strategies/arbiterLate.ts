import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd, toCap } from "./support.ts";

const accounts = [nodeOwner(1)];

export const arbiterLate: Strategy = {
  name: "node-invents-before-a-late-arbiter",
  who: "node",
  tries: "invents to the cap where the arbiter decides in the last epoch it may",
  accounts,
  assumptions: { arbiterLatencyEpochs: 5 },
  cheat: (world) => corruptNode(world, 1, { report: (w, _, served) => toCap(w, served) }),
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "Later is as good: the amount is frozen and the stake cannot leave before.",
};
