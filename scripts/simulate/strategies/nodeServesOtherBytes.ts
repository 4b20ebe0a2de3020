import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { corruptNode } from "./support.ts";

export const nodeServesOtherBytes: Strategy = {
  name: "node-serves-other-bytes",
  who: "node",
  tries: "serves other bytes than the CID's and reports the requests as served",
  accounts: [nodeOwner(1)],
  cheat: (world) => corruptNode(world, 1, { serves: () => false }),
  why: "It saves the cost of serving, a quarter of its income here, and every probe that finds it costs a slash.",
};
