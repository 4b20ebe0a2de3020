import { inUsd } from "../assumptions.ts";
import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import { honestArbiter } from "../world/honestArbiter.ts";
import { corruptOwner } from "./support.ts";

export const arbiterRobsNodes: Strategy = {
  name: "arbiter-robs-nodes",
  who: "arbiter",
  tries: "has a project of its own dispute every receipt, and finds every node guilty",
  accounts: [projectOwner(1)],
  cheat(world) {
    corruptOwner(world, 1, { staysAfterDispute: true, check: () => "dispute" });
    world.arbiter = {
      decide: (w, disputed) =>
        w.model.projects[Number(disputed.projectId) - 1]?.owner === projectOwner(1)
          ? true
          : honestArbiter.decide(w, disputed),
    };
  },
  bound: {
    text: "maxSlash / 2 for each receipt of its projects",
    usd: (world, epochs) =>
      (inUsd(world.model.maxSlash) / 2 + world.assumptions.capUsd) * world.assumptions.seats * epochs,
  },
  why: "Whoever is both arbiter and owner turns stakes into rewards. It is a trusted role: a contract of many, or a court, with a delay before it can be replaced by one.",
};
