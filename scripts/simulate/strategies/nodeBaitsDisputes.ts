import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { corruptNode, countedCapsUsd, inflate } from "./support.ts";

const accounts = [nodeOwner(1)];

export const nodeBaitsDisputes: Strategy = {
  name: "node-baits-disputes",
  who: "node",
  tries: "reports 8% too much where the arbiter cannot measure that, to win the bonds of owners who can",
  accounts,
  assumptions: { ownerNoise: 0.1, arbiterNoise: 0.8 },
  cheat: (world) => corruptNode(world, 1, { report: inflate(1.08) }),
  bound: {
    text: "8% of its receipts, and a bond for each dispute that the arbiter gets wrong",
    usd: (world, epochs) =>
      countedCapsUsd(world, ...accounts) +
      (epochs * world.assumptions.projects * Number(world.model.disputeParameters.minBond)) / 1e6,
  },
  why: "An owner who is right and cannot prove it loses the bond to the cheat. Disputes need proof, not suspicion: owners move away instead.",
};
