import { nodeIn } from "@worker3/sdk/model";
import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, countedCapsUsd } from "./support.ts";

const accounts = [nodeOwner(1), "outsider"];

export const nodeHiresACarefulFlooder: Strategy = {
  name: "node-hires-a-careful-flooder",
  who: "node",
  tries: "has an outsider double the traffic of its own seats, below the cap",
  accounts,
  cheat(world) {
    world.flooder = "outsider";
    world.floodOf = (_, nodeId) => (nodeIn(world.model, nodeId)?.owner === nodeOwner(1) ? 1 : 0);
  },
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "Nothing here can tell it from visitors. The cap bounds it, and prices near the cost of serving take its profit.",
};
