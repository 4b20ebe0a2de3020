import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd, toCap } from "./support.ts";

const accounts = [nodeOwner(1)];

export const nodeInventsForAbsentOwners: Strategy = {
  name: "node-invents-for-absent-owners",
  who: "node",
  tries: "invents to the cap where no owner ever looks",
  accounts,
  assumptions: { attention: 0, moveFromCapped: 0, falseAlarm: 0, followDecisions: 0 },
  cheat: (world) => corruptNode(world, 1, { report: (w, _, served) => toCap(w, served) }),
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "Nobody removes it. The cap is all that protects an owner who does not look: it is to be set near what is used.",
};
