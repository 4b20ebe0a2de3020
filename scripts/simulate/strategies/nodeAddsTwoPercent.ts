import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd, inflate } from "./support.ts";

const accounts = [nodeOwner(1)];

export const nodeAddsTwoPercent: Strategy = {
  name: "node-adds-two-percent",
  who: "node",
  tries: "reports 2% more than it served: far below what owners can measure",
  accounts,
  cheat: (world) => corruptNode(world, 1, { report: inflate(1.02) }),
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "Cents an epoch, below the error of everybody's measure. The rare conviction, a hundred times one receipt, takes about what a year of it brings; with a blunter arbiter it pays.",
};
