import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd, inflate } from "./support.ts";

const accounts = [nodeOwner(1)];

export const nodeTriples: Strategy = {
  name: "node-triples",
  who: "node",
  tries: "reports three times what it served",
  accounts,
  cheat: (world) => corruptNode(world, 1, { report: inflate(3) }),
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "Found at the first close look, as inventing to the cap is.",
};
