import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import { corruptOwner, ownerAt } from "./support.ts";

export const ownerFloodsUnderALowCap: Strategy = {
  name: "owner-sets-the-least-cap",
  who: "owner",
  tries: "sets the cap to the base price and lets all its traffic come",
  accounts: [projectOwner(1)],
  cheat(world) {
    const { account: by, projectId } = ownerAt(world, 1);
    world.act({ kind: "setBudget", by, projectId, cap: world.model.prices.base });
    corruptOwner(world, 1, {
      act(w, { account, projectId: id }) {
        if (w.isOpen && w.epoch % 5 === 0)
          w.act({ kind: "setBudget", by: account, projectId: id, cap: w.model.prices.base });
      },
    });
  },
  why: "A node stops where the cap is reached, and a cap that is the base is reached at once: nothing is served for it.",
};
