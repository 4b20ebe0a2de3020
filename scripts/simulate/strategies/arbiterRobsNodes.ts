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
    text: "rewardFactor x bond, and its amount, for each receipt of its projects",
    usd({ model, assumptions }, epochs) {
      const { rewardFactor, minBond } = model.disputeParameters;
      const reward = inUsd(rewardFactor * minBond);
      return (reward + assumptions.capUsd) * assumptions.seats * epochs;
    },
  },
  why: "Whoever is both arbiter and owner turns stakes into rewards, here with nobody watching. Each reward is bounded by the bond, each slash by the amount of the receipt, all of a node's in an epoch by a share of its stake. It is a trusted role: a contract of many, or a court.",
};
