import type { Strategy } from "../Strategy.ts";
import { submitEpoch } from "../world/submitUsage.ts";
import { corruptNode, nodeAt, toCap } from "./support.ts";

const FROM = 30;
const ROTATED_AFTER = 5;

export const operatorKeyStolen: Strategy = {
  name: "operator-key-stolen",
  who: "thief",
  tries:
    "signs batches up to the cap with a stolen operator key, before the node does, until the key is rotated",
  accounts: ["thief"],
  cheat(world) {
    world.hooks.push((w) => {
      const agent = nodeAt(w, 1);
      if (w.epoch < FROM || w.epoch > FROM + ROTATED_AFTER) return;
      if (w.epoch === FROM + ROTATED_AFTER) {
        w.act({
          kind: "setOperator",
          by: agent.owner,
          nodeId: agent.nodeId,
          operator: `${agent.operator} new`,
        });
        return;
      }
      corruptNode(w, 1, { report: (w2, _, served) => toCap(w2, served) });
      submitEpoch(w, { ...agent, owner: "thief", behaviour: agent.behaviour }, agent.nodeId, w.epoch - 1);
      corruptNode(w, 1, {});
    });
  },
  why: "Payment goes to the node's owner: a thief of the hot key earns nothing, and has the node slashed.",
};
