import type { Usage } from "@worker3/sdk";
import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { honestNode } from "../world/honestNode.ts";
import { submitEpoch } from "../world/submitUsage.ts";
import type { NodeAgent, Served, World } from "../world/World.ts";
import { corruptNode, toCap } from "./support.ts";

export const nodeSignsTwoBatches: Strategy = {
  name: "node-signs-two-batches",
  who: "node",
  tries: "submits the truth, and two epochs later a second batch up to the cap",
  accounts: [nodeOwner(1)],
  cheat: (world) =>
    corruptNode(world, 1, {
      act(w, agent) {
        if (w.epoch < 4) return;
        agent.behaviour = { ...agent.behaviour, report: again };
        submitEpoch(w, agent, agent.nodeId, w.epoch - 3);
        agent.behaviour = { ...agent.behaviour, report: honestNode.report };
      },
    }),
  why: "A seat counts once an epoch: the second batch counts nothing and its gas is lost.",
};

/** Of seats that it reported before: what it did not is a first receipt, and another strategy. */
function again(world: World, _: NodeAgent, served: Served): Usage | undefined {
  return served.usage.requests === 0n ? undefined : toCap(world, served);
}
