import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import { corruptOwner } from "./support.ts";

export const ownerDisputesEverything: Strategy = {
  name: "owner-disputes-everything",
  who: "owner",
  tries: "disputes every receipt",
  accounts: [projectOwner(1)],
  assumptions: { arbiterFindsInnocent: 0.98 },
  cheat: (world) => corruptOwner(world, 1, { staysAfterDispute: true, check: () => "dispute" }),
  why: "A bond of 5 USD is lost on each of 49 receipts of cents; the 50th, which the arbiter gets wrong, brings at most 10.",
};
