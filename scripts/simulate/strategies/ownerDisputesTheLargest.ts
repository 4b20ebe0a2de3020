import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import { corruptOwner } from "./support.ts";

export const ownerDisputesTheLargest: Strategy = {
  name: "owner-disputes-the-largest",
  who: "owner",
  tries: "disputes its largest receipt of each epoch",
  accounts: [projectOwner(1)],
  cheat: (world) =>
    corruptOwner(world, 1, {
      staysAfterDispute: true,
      check(w, _, { projectId, epoch, amount }) {
        const others = w.model.nodes.map(
          ({ nodeId }) => w.model.receipts.get(`${projectId}/${nodeId}/${epoch}`)?.amount ?? 0n,
        );
        return others.every((other) => other <= amount) ? "dispute" : "accept";
      },
    }),
  why: "As disputing everything, a third as often: the bond does not shrink with the receipt.",
};
