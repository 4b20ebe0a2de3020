import { projectIn } from "@worker3/sdk/model";
import type { Strategy } from "../Strategy.ts";
import { nodeOwner, projectOwner } from "../world/createWorld.ts";
import { corruptNode, corruptOwner, toCap } from "./support.ts";

export const ownerPaysItself: Strategy = {
  name: "owner-is-node-and-pays-itself",
  who: "owner",
  tries: "charges its own project to the cap on its own node",
  accounts: [nodeOwner(1), projectOwner(3)],
  cheat(world) {
    corruptOwner(world, 3, { check: () => "accept" });
    corruptNode(world, 1, {
      report(w, _, served) {
        const isOwn = projectIn(w.model, served.projectId)?.owner === projectOwner(3);
        if (isOwn) return toCap(w, served);
        return served.usage.requests === 0n ? undefined : served.usage;
      },
    });
  },
  why: "It pays itself, less the fee: there is no subsidy to farm.",
};
