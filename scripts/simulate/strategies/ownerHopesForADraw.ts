import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import { corruptOwner } from "./support.ts";

export const ownerHopesForADraw: Strategy = {
  name: "owner-disputes-hoping-for-a-draw",
  who: "owner",
  tries: "disputes every receipt, where the arbiter is asleep",
  accounts: [projectOwner(1)],
  assumptions: { arbiterLatencyEpochs: 99 },
  cheat: (world) => corruptOwner(world, 1, { staysAfterDispute: true, check: () => "dispute" }),
  why: "A draw pays the node and returns the bond: nothing is gained, the node waits up to six epochs longer.",
};
