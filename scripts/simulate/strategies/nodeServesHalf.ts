import type { Strategy } from "../Strategy.ts";
import { chance } from "../world/chance.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { corruptNode } from "./support.ts";

export const nodeServesHalf: Strategy = {
  name: "node-serves-half",
  who: "node",
  tries: "answers only every other project, and reports for the others what it served them yesterday",
  accounts: [nodeOwner(1)],
  cheat: (world) =>
    corruptNode(world, 1, { serves: (w, _, projectId) => chance(w.seed, Number(projectId), 7) < 0.5 }),
  why: "As serving other bytes, half as often: visitors and probes get nothing, and a probe is a proof.",
};
