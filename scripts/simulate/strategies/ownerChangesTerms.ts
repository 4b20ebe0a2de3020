import { unpackTerms } from "@worker3/sdk";
import { projectIn } from "@worker3/sdk/model";
import { usd } from "../assumptions.ts";
import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import { corruptOwner } from "./support.ts";

export const ownerChangesTerms: Strategy = {
  name: "owner-changes-terms-before-receipts",
  who: "owner",
  tries:
    "lowers the cap to the least after each served epoch, and raises it again before the next one begins to count",
  accounts: [projectOwner(1)],
  cheat: (world) =>
    corruptOwner(world, 1, {
      actAfter(w, { account: by, projectId }) {
        const project = projectIn(w.model, projectId);
        if (!w.isOpen || project === undefined || project.closedFrom !== 0) return;
        const isLow = unpackTerms(project.terms).cap < usd(w.assumptions.capUsd);
        w.act({
          kind: "setBudget",
          by,
          projectId,
          cap: isLow ? usd(w.assumptions.capUsd) : w.model.prices.base,
        });
      },
    }),
  why: "A receipt is judged by the terms of its own epoch, and nodes serve by those: with the low cap they stop at it.",
};
