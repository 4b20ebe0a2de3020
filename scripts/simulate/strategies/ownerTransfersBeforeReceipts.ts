import { projectIn } from "@worker3/sdk/model";
import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import { corruptOwner } from "./support.ts";

const OTHER = "other self";

export const ownerTransfersBeforeReceipts: Strategy = {
  name: "owner-transfers-before-receipts",
  who: "owner",
  tries:
    "hands the project to another account after each served epoch, which disputes everything it was charged before",
  accounts: [projectOwner(1), OTHER],
  cheat: (world) =>
    corruptOwner(world, 1, {
      staysAfterDispute: true,
      check: () => "dispute",
      fund(w, { projectId }) {
        const project = projectIn(w.model, projectId);
        if (project === undefined || project.closedFrom !== 0 || project.credit.balance > 20_000_000n) return;
        w.act({ kind: "deposit", by: project.owner, projectId, amount: 40_000_000n });
      },
      actAfter(w, owner) {
        const { projectId } = owner;
        const by = projectIn(w.model, projectId)?.owner;
        if (!w.isOpen || by === undefined) return;
        const to = by === OTHER ? projectOwner(1) : OTHER;
        w.act({ kind: "transferProject", by, projectId, to });
        w.act({ kind: "acceptProject", by: to, projectId, domains: [] });
      },
    }),
  why: "Credit and duties follow the project: whoever owns it pays the bond of its disputes.",
};
