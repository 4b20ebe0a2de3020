import type { Strategy } from "../Strategy.ts";
import { chance, STREAM } from "../world/chance.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { timesOf } from "../world/traffic.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd } from "./support.ts";

const accounts = [nodeOwner(1)];

export const nodeCherryPicks: Strategy = {
  name: "node-cherry-picks-epochs",
  who: "node",
  tries: "doubles one receipt in twenty, at random",
  accounts,
  cheat: (world) =>
    corruptNode(world, 1, {
      report(w, agent, { usage, projectId, epoch }) {
        if (usage.requests === 0n) return undefined;
        const picked = chance(w.seed, STREAM.strategy, agent.index, Number(projectId), epoch) < 0.05;
        return picked ? timesOf(usage, 2) : usage;
      },
    }),
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "Rarer cheats earn less in proportion; each is as likely to be found, and costs as much.",
};
