import { usd } from "../assumptions.ts";
import { chance, STREAM } from "./chance.ts";
import { moveAway } from "./moveAway.ts";
import type { World } from "./World.ts";

/** The arbiter decides what it will; what nobody decided in time is drawn; refunds are collected. */
export function decideDisputes(world: World): void {
  const { model, assumptions, epoch } = world;
  const open = world.openDisputes.splice(0);
  for (const disputed of open) {
    const { projectId, nodeId, epoch: usageEpoch, openedIn } = disputed;
    const named = { projectId, nodeId, epoch: usageEpoch };
    if (epoch > openedIn + model.times.decide) {
      world.act({ kind: "draw", by: model.nodes[nodeId - 1]?.owner ?? "anyone", ...named });
      continue;
    }
    const guilty = world.arbiter.decide(world, disputed);
    if (guilty === undefined) {
      world.openDisputes.push(disputed);
      continue;
    }
    const { maxSlash, arbiter: by } = model.disputeParameters;
    const slash = guilty ? usd((Number(maxSlash) / 1e6) * assumptions.slashShare) : 0n;
    const { refused } = world.act({ kind: "decide", by, ...named, guilty, slash, reward: slash / 2n });
    // While decisions are suspended it waits, for another arbiter or a draw.
    if (refused !== undefined) world.openDisputes.push(disputed);
    else if (guilty) followDecision(world, nodeId);
  }
  for (const account of [...model.refunds.keys()]) {
    world.act({ kind: "collectRefund", by: account, to: account });
  }
}

/** Some of the other owners hear of it and move away too. */
function followDecision(world: World, nodeId: number): void {
  for (const owner of world.owners) {
    const luck = chance(world.seed, STREAM.follow, owner.index, nodeId, world.epoch);
    if (luck < world.assumptions.followDecisions) moveAway(world, owner, nodeId);
  }
}
