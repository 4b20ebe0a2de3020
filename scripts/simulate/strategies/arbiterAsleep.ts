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
  why: "A draw pays the node: it gains for the first weeks. Owners move away and do not choose it again, so that over a year it loses its honest income.",
};
