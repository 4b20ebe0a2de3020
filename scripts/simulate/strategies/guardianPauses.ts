import type { Strategy } from "../Strategy.ts";
import { submitEpoch } from "../world/submitUsage.ts";
import type { NodeAgent, World } from "../world/World.ts";

export const guardianPauses: Strategy = {
  name: "guardian-pauses-whenever-it-can",
  who: "admin",
  tries: "pauses everything for one epoch in eight, so that usage is never counted",
  accounts: ["treasury"],
  cheat(world) {
    world.hooks.push((w) => {
      for (const what of ["nodes", "projects", "settlement"] as const) {
        if (w.isOpen && w.epoch % 9 === 0) w.act({ kind: "pause", by: "admin", what });
      }
    });
    for (const agent of world.nodes) {
      const { behaviour } = agent;
      // What an agent does: it tries again while the window is open.
      agent.behaviour = {
        ...behaviour,
        act: (w, node) => {
          behaviour.act?.(w, node);
          if (w.epoch > 3) for (const late of [2, 3, 4]) resubmit(w, node, w.epoch - late);
        },
      };
    }
  },
  why: "late = 4 leaves three epochs to submit beside a paused one: everything is counted, an epoch later.",
};

/** Submits again what a pause held up. */
function resubmit(world: World, agent: NodeAgent, epoch: number): void {
  const isMissing = world.model.pausedUntil.settlement !== 0 && epoch % 9 === 8;
  if (isMissing) submitEpoch(world, agent, agent.nodeId, epoch);
}
