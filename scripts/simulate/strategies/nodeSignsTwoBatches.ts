import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { honestNode } from "../world/honestNode.ts";
import { submitEpoch } from "../world/submitUsage.ts";
import { corruptNode, toCap } from "./support.ts";

export const nodeSignsTwoBatches: Strategy = {
  name: "node-signs-two-batches",
  who: "node",
  tries: "submits the truth, and two epochs later a second batch up to the cap",
  accounts: [nodeOwner(1)],
  cheat: (world) =>
    corruptNode(world, 1, {
      act(w, agent) {
        // Epoch 1 had no traffic: what is reported of it would be a first batch.
        if (w.epoch < 5) return;
        agent.behaviour = { ...agent.behaviour, report: (w2, _, served) => toCap(w2, served) };
        submitEpoch(w, agent, agent.nodeId, w.epoch - 3);
        agent.behaviour = { ...agent.behaviour, report: honestNode.report };
      },
    }),
  why: "A seat counts once an epoch: the second batch counts nothing and its gas is lost.",
};
