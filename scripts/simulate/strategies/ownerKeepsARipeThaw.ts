import { projectIn } from "@worker3/sdk/model";
import { usd } from "../assumptions.ts";
import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import { corruptOwner } from "./support.ts";

export const ownerKeepsARipeThaw: Strategy = {
  name: "owner-keeps-a-ripe-thaw",
  who: "owner",
  tries: "asks credit back as it deposits it, and takes it the moment it was served after it thawed",
  accounts: [projectOwner(1)],
  cheat: (world) =>
    corruptOwner(world, 1, {
      fund(w, { account: by, projectId }) {
        const project = projectIn(w.model, projectId);
        if (project === undefined || project.closedFrom !== 0 || project.credit.balance > 0n) return;
        const amount = usd(40);
        w.act({ kind: "deposit", by, projectId, amount });
        w.act({ kind: "requestWithdraw", by, projectId, amount });
      },
      actAfter(w, { account: by, projectId }) {
        const credit = projectIn(w.model, projectId)?.credit;
        const isRipe = credit !== undefined && w.epoch > credit.thawEpoch + w.model.times.creditThaw;
        if (isRipe && credit.thawing > 0n) w.act({ kind: "withdraw", by, projectId });
      },
    }),
  why: "What thaws is not available: nodes serve by what is left beside it, and that is nothing.",
};
