import { FULL } from "@worker3/sdk/model";
import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { nodeAt } from "./support.ts";

const DIES = 20;
const accounts = [nodeOwner(1)];

export const nodeDiesFull: Strategy = {
  name: "node-says-full-and-dies",
  who: "node",
  tries: "says that it takes no new projects, for as long ahead as it can, and is never seen again",
  accounts,
  cheat(world) {
    world.hooks.push((w) => {
      if (w.epoch !== DIES) return;
      const agent = nodeAt(w, 1);
      const { owner: by, nodeId } = agent;
      w.act({ kind: "setPresence", by, nodeId, untilEpoch: w.epoch + 30, leastCap: FULL });
      agent.behaviour = {
        ...agent.behaviour,
        isDead: true,
        serves: () => false,
        report: () => undefined,
      };
    });
  },
  why: "Being full is not being there: two epochs after the last one that it promised its seats are refilled. Owners miss a replica for 32 epochs at most, and pay nothing for it.",
};
