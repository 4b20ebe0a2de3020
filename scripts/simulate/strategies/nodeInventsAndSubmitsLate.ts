import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd, toCap } from "./support.ts";

const accounts = [nodeOwner(1)];

export const nodeInventsAndSubmitsLate: Strategy = {
  name: "node-invents-and-submits-late",
  who: "node",
  tries: "invents to the cap and submits in the last epoch, so that owners see it four epochs later",
  accounts,
  cheat: (world) => corruptNode(world, 1, { report: (w, _, served) => toCap(w, served), submitsAfter: 4 }),
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "It has three epochs more before the first look, and the receipts of those can be disputed as well.",
};
