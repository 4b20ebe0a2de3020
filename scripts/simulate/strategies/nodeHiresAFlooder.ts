import { nodeIn } from "@worker3/sdk/model";
import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, countedCapsUsd } from "./support.ts";

const accounts = [nodeOwner(1), "outsider"];

export const nodeHiresAFlooder: Strategy = {
  name: "node-hires-a-flooder",
  who: "node",
  tries: "has an outsider send real requests to its own seats, up to the cap",
  accounts,
  cheat(world) {
    world.flooder = "outsider";
    world.floodOf = (_, nodeId) => (nodeIn(world.model, nodeId)?.owner === nodeOwner(1) ? 20 : 0);
  },
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "Served is served: no arbiter finds it guilty. It pays while a request costs less to send and serve than it is paid, until the owner moves away, lowers the cap or limits rates.",
};
