import { projectIn } from "@worker3/sdk/model";
import { usd } from "../assumptions.ts";
import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import { corruptOwner } from "./support.ts";

export const ownerHasNoCredit: Strategy = {
  name: "owner-has-no-credit",
  who: "owner",
  tries: "deposits one epoch's budget, is served, and never pays more",
  accounts: [projectOwner(1)],
  cheat: (world) =>
    corruptOwner(world, 1, {
      fund(w, { account: by, projectId }) {
        const { capUsd, seats } = w.assumptions;
        const isNew = projectIn(w.model, projectId)?.credit.balance === 0n && w.epoch === 2;
        if (isNew) w.act({ kind: "deposit", by, projectId, amount: usd(capUsd * seats) });
      },
    }),
  why: "One epoch is served and charged; after it less than a budget is available and nodes stop before they work unpaid.",
};
