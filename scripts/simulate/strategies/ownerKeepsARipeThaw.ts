import { projectIn } from "@worker3/sdk/model";
import { usd } from "../assumptions.ts";
import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import { honestOwner } from "../world/honestOwner.ts";
import { corruptOwner } from "./support.ts";

export const ownerKeepsARipeThaw: Strategy = {
  name: "owner-keeps-a-ripe-thaw",
  who: "owner",
  tries: "lets credit thaw to the end and leaves it there, to pull it the moment it was served",
  accounts: [projectOwner(1)],
  cheat: (world) =>
    corruptOwner(world, 1, {
      fund(w, owner) {
        const { account: by, projectId } = owner;
        const credit = projectIn(w.model, projectId)?.credit;
        if (credit === undefined) return;
        if (credit.balance === 0n) w.act({ kind: "deposit", by, projectId, amount: usd(40) });
        else if (credit.thawing === 0n)
          w.act({ kind: "requestWithdraw", by, projectId, amount: credit.balance });
        else honestOwner.fund(w, owner);
      },
      actAfter(w, { account: by, projectId }) {
        const credit = projectIn(w.model, projectId)?.credit;
        const isRipe = credit !== undefined && w.epoch > credit.thawEpoch + w.model.times.creditThaw;
        if (isRipe && credit.thawing > 0n && w.epoch % 10 === 0) w.act({ kind: "withdraw", by, projectId });
      },
    }),
  why: "What thaws is not available: nodes serve by what is left beside it, and that cannot be pulled.",
};
