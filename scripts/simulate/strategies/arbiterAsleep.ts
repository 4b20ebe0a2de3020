import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd, toCap } from "./support.ts";

const accounts = [nodeOwner(1)];

export const arbiterAsleep: Strategy = {
  name: "node-invents-while-arbiter-sleeps",
  who: "node",
  tries: "invents to the cap where no dispute is ever decided",
  accounts,
  assumptions: { arbiterLatencyEpochs: 99 },
  cheat: (world) => corruptNode(world, 1, { report: (w, _, served) => toCap(w, served) }),
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "A draw pays the node. Owners still move away, and those who did once do not choose it again.",
};
