import { nodeIn } from "@worker3/sdk/model";
import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { submitEpoch } from "../world/submitUsage.ts";
import { corruptNode, nodeAt, toCap } from "./support.ts";

const LEAVES_IN = 60;

export const nodeRetiresAndReportsOn: Strategy = {
  name: "node-retires-and-reports-on",
  who: "node",
  tries: "asks its stake back, serves no more, and goes on reporting up to the cap",
  accounts: [nodeOwner(1)],
  // The twin retires in the same epoch, and is honest about it.
  prepare: {
    name: "node 1 retires for good",
    apply(world) {
      corruptNode(world, 1, {
        rejoins: false,
        act(w, { owner: by, nodeId }) {
          const stake = nodeIn(w.model, nodeId)?.stake ?? 0n;
          if (w.epoch === LEAVES_IN) w.act({ kind: "requestUnstake", by, nodeId, amount: stake });
        },
      });
    },
  },
  cheat(world) {
    const agent = nodeAt(world, 1);
    const { behaviour } = agent;
    agent.behaviour = {
      ...behaviour,
      act(w, node) {
        behaviour.act?.(w, node);
        if (w.epoch <= LEAVES_IN + 1) return;
        const truth = node.behaviour;
        node.behaviour = { ...truth, report: (w2, _, served) => toCap(w2, served) };
        submitEpoch(w, node, node.nodeId, w.epoch - 1);
        node.behaviour = truth;
      },
    };
  },
  why: "No receipt of the epoch after the request, or later, counts.",
};
