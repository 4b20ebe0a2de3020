import { projectIn } from "@worker3/sdk/model";
import type { Strategy } from "../Strategy.ts";
import { nodeOwner, projectOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, corruptNode, corruptOwner, countedCapsUsd, toCap } from "./support.ts";

const accounts = [nodeOwner(1), projectOwner(1)];

export const nodeSlashesItselfFirst: Strategy = {
  name: "node-slashes-itself-first",
  who: "node",
  tries:
    "invents to the cap, and its own project disputes it at once, to fetch the reward of every slash back",
  accounts,
  cheat(world) {
    corruptNode(world, 1, { report: (w, _, served) => toCap(w, served) });
    corruptOwner(world, 1, {
      staysAfterDispute: true,
      check: (w, _, { projectId, nodeId }) => {
        const isOwn = w.model.nodes[nodeId - 1]?.owner === nodeOwner(1);
        return isOwn && projectIn(w.model, projectId)?.closedFrom === 0 ? "dispute" : "accept";
      },
    });
  },
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "At most twice the bond comes back of each slash: its own disputes only come on top of the others'. It helps who loses all of the stake anyway.",
};
