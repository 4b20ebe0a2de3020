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
  why: "A reward is at most twice the bond: it pays only where the arbiter errs against the innocent more often than 1 / (1 + rewardFactor), a third of the time.",
};
