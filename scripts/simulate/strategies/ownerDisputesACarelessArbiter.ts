import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import { corruptOwner } from "./support.ts";

export const ownerDisputesACarelessArbiter: Strategy = {
  name: "owner-disputes-before-a-careless-arbiter",
  who: "owner",
  tries: "disputes every receipt, where the arbiter finds one honest node in ten guilty",
  accounts: [projectOwner(1)],
  assumptions: { arbiterFindsInnocent: 0.9 },
  cheat: (world) => corruptOwner(world, 1, { staysAfterDispute: true, check: () => "dispute" }),
  why: "It pays wherever the arbiter errs against the innocent more often than minBond / (minBond + maxSlash / 2): 4.8% here.",
};
