import { projectIn } from "@worker3/sdk/model";
import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import { corruptOwner } from "./support.ts";

export const ownerChangesTerms: Strategy = {
  name: "owner-changes-terms-before-receipts",
  who: "owner",
  tries:
    "moves to other nodes after each served epoch, so that those who served have no seat when they submit",
  accounts: [projectOwner(1)],
  cheat: (world) =>
    corruptOwner(world, 1, {
      actAfter(w, { account: by, projectId }) {
        const project = projectIn(w.model, projectId);
        if (!w.isOpen || project === undefined || project.closedFrom !== 0) return;
        const active = w.nodes
          .map(({ nodeId }) => nodeId)
          .filter((id) => w.model.nodes[id - 1]?.retiredFrom === 0);
        const { seats } = w.assumptions;
        const nodeIds = w.epoch % 2 === 0 ? active.slice(0, seats) : active.slice(-seats);
        w.act({ kind: "setReplicas", by, projectId, nodeIds });
      },
    }),
  why: "A receipt is judged by the terms of its own epoch: whoever served then is paid.",
};
