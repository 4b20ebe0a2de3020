import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd, inflate } from "./support.ts";

const accounts = [nodeOwner(1)];

export const nodeAddsAFifth: Strategy = {
  name: "node-adds-a-fifth",
  who: "node",
  tries: "reports 20% more than it served",
  accounts,
  cheat: (world) => corruptNode(world, 1, { report: inflate(1.2) }),
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "Cents an epoch against a slash of a hundred times the receipt: one look in three that finds it is enough.",
};
