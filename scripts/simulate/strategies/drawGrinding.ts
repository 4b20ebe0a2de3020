import { unpackTerms } from "@worker3/sdk";
import { drawNodes, isGone, nodeIn, projectIn } from "@worker3/sdk/model";
import type { Strategy } from "../Strategy.ts";
import { refill } from "../world/churn.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { nodeAt } from "./support.ts";

const TRIES = 64n;

export const drawGrinding: Strategy = {
  name: "draw-grinding",
  who: "node",
  tries: "calls refill for every vacant seat in a block whose seed draws its own node",
  accounts: [nodeOwner(1)],
  assumptions: { nodeChurn: 0.01 },
  cheat(world) {
    world.hooks.push((w) => {
      if (!w.isOpen) return;
      const { nodeId } = nodeAt(w, 1);
      for (const owner of w.owners) {
        const project = projectIn(w.model, owner.projectId);
        if (project === undefined || unpackTerms(project.terms).nodeIds.includes(nodeId)) continue;
        const { nodeIds, cap } = unpackTerms(project.terms);
        const isVacant = nodeIds.some((id) => {
          const node = nodeIn(w.model, id);
          return node === undefined || isGone(w.model, node);
        });
        for (let seed = 0n; isVacant && seed < TRIES; seed++) {
          const drawn = drawNodes(w.model, 8, project.refill.regionMask, seed, cap);
          if ("refused" in drawn || drawn[0] !== nodeId) continue;
          refill(w, owner, seed);
          break;
        }
      }
    });
  },
  why: "The seed is a convenience: whoever calls at the right block chooses. It wins seats of nodes that are gone, which then serve and are paid as any; owners who care name their nodes, or set refill regions to none.",
};
