import { inUsd, usd } from "../assumptions.ts";
import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import { honestArbiter } from "../world/honestArbiter.ts";
import type { World } from "../world/World.ts";
import { corruptOwner } from "./support.ts";

const BEGINS = 10;
/** The guardian looks at what was decided, and needs no delay. */
const SUSPENDED_AFTER = 2;
/** The admin's delay, in epochs. */
const REPLACED_AFTER = 25;
const accounts = [projectOwner(1)];

export const arbiterWithAccomplice: Strategy = {
  name: "arbiter-and-accomplice-take-stakes",
  who: "arbiter",
  tries:
    "has a project at the least cap dispute every receipt of 0.001 USD, and asks for the most stake; the guardian suspends it after two epochs, the admin names another after 25",
  accounts,
  cheat(world) {
    const isAtIt = ({ epoch }: World) => epoch >= BEGINS && epoch < BEGINS + SUSPENDED_AFTER;
    corruptOwner(world, 1, {
      staysAfterDispute: true,
      check: (w) => (isAtIt(w) ? "dispute" : "accept"),
      // Small receipts cost the accomplice nothing but the bond, which comes back.
      act(w, { account: by, projectId }) {
        const cap = isAtIt(w) ? w.model.prices.base : usd(w.assumptions.capUsd);
        if (w.epoch === BEGINS - 2) w.act({ kind: "setBudget", by, projectId, cap: w.model.prices.base });
        if (w.epoch === BEGINS + SUSPENDED_AFTER) w.act({ kind: "setBudget", by, projectId, cap });
      },
    });
    world.arbiter = {
      decide: (w, disputed) =>
        w.model.projects[Number(disputed.projectId) - 1]?.owner === projectOwner(1)
          ? true
          : honestArbiter.decide(w, disputed),
    };
    world.hooks.push((w) => {
      if (w.epoch === BEGINS + SUSPENDED_AFTER) w.act({ kind: "suspendDecisions", by: w.model.admin });
      if (w.epoch !== BEGINS + REPLACED_AFTER) return;
      w.act({
        kind: "setParameters",
        by: w.model.admin,
        ...w.model.disputeParameters,
        arbiter: "another arbiter",
      });
      w.arbiter = honestArbiter;
    });
  },
  bound: {
    text: "half of slashFloor + slashFactor x amount for each receipt, until the guardian suspends decisions",
    usd({ model, assumptions }) {
      const { slashFloor, slashFactor } = model.disputeParameters;
      const reward = inUsd(slashFloor + slashFactor * model.prices.base) / 2;
      return reward * assumptions.seats * (SUSPENDED_AFTER + model.times.dispute);
    },
  },
  why: "A receipt of 0.001 USD takes 5.1 USD of a stake and not 200, nodes are not retired by it, and it ends when the guardian looks. What was disputed before is drawn.",
};
