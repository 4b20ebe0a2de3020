import type { Strategy } from "../Strategy.ts";
import { nodeAgent, nodeOwner } from "../world/createWorld.ts";
import { enlist } from "../world/honestNode.ts";

const EXTRA = 5;

export const sybilNodes: Strategy = {
  name: "sybil-nodes",
  who: "node",
  tries: "runs six staked nodes on one machine, to be drawn more often",
  accounts: [nodeOwner(1)],
  assumptions: { projectChurn: 0.02 },
  cheat(world) {
    for (let extra = 1; extra <= EXTRA; extra++) {
      const agent = nodeAgent(100 + extra, nodeOwner(1));
      agent.machines = 0;
      world.nodes.push(agent);
      enlist(world, agent);
    }
  },
  why: "Each seat is paid and served, and each node needs its own stake. It pays while a seat's income is above what its stake would earn elsewhere: three drawn replicas may then be one machine.",
};
