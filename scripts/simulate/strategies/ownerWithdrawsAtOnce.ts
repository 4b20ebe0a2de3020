import { projectIn } from "@worker3/sdk/model";
import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import { honestOwner } from "../world/honestOwner.ts";
import { corruptOwner } from "./support.ts";

export const ownerWithdrawsAtOnce: Strategy = {
  name: "owner-asks-credit-back-after-each-epoch",
  who: "owner",
  tries: "asks all credit back when an epoch was served, tries to take it every epoch, and deposits again",
  accounts: [projectOwner(1)],
  cheat: (world) =>
    corruptOwner(world, 1, {
      fund(w, owner) {
        const { account: by, projectId } = owner;
        const credit = projectIn(w.model, projectId)?.credit;
        if (credit === undefined) return;
        if (credit.thawing === 0n) return honestOwner.fund(w, owner);
        w.act({ kind: "withdraw", by, projectId });
      },
      actAfter(w, { account: by, projectId }) {
        const credit = projectIn(w.model, projectId)?.credit;
        if (!w.isOpen || credit === undefined || credit.thawing > 0n || credit.balance === 0n) return;
        w.act({ kind: "requestWithdraw", by, projectId, amount: credit.balance });
      },
    }),
  why: "Credit thaws longer than receipts take: the served epoch is charged. While it thaws nobody serves.",
};
