import { nodeIn } from "@worker3/sdk/model";
import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd, nodeAt, toCap } from "./support.ts";

const LEAVES_IN = 60;
const accounts = [nodeOwner(1)];

export const nodeCheatsAndLeaves: Strategy = {
  name: "node-cheats-and-leaves",
  who: "node",
  tries:
    "asks all its stake back, and reports its last epochs up to the cap in their last epoch of submission",
  accounts,
  prepare: {
    name: "node 1 leaves, submitting late",
    apply(world) {
      corruptNode(world, 1, {
        rejoins: false,
        submitsAfter: 4,
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
      report: (w, node, served) =>
        served.epoch >= LEAVES_IN - 3 ? toCap(w, served) : behaviour.report(w, node, served),
    };
  },
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "The stake thaws longer than the last decision about its last epoch takes: it is slashed on its way out.",
};
