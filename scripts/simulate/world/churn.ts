import { unpackTerms } from "@worker3/sdk";
import { drawNodes, isGone, nodeIn, projectIn } from "@worker3/sdk/model";
import { usd } from "../assumptions.ts";
import { chance, STREAM } from "./chance.ts";
import type { OwnerAgent, World } from "./World.ts";

const ALL_REGIONS = 0x1ff;

/** Some nodes retire and come back as new ones, some projects close and others begin on drawn nodes; seats are refilled. */
export function churn(world: World): void {
  const { seed, epoch, assumptions } = world;
  // Seats that fell vacant in an epoch are refilled in the next.
  for (const owner of world.owners) refill(world, owner);
  for (const { index, nodeId, owner, behaviour } of world.nodes) {
    const node = nodeIn(world.model, nodeId);
    if (node === undefined || node.retiredFrom !== 0 || !behaviour.rejoins) continue;
    if (chance(seed, STREAM.nodeChurn, index, epoch) >= assumptions.nodeChurn) continue;
    world.act({ kind: "requestUnstake", by: owner, nodeId, amount: node.stake });
  }
  for (const owner of world.owners) {
    if (chance(seed, STREAM.churn, owner.index, epoch) < assumptions.projectChurn)
      replaceProject(world, owner);
    fetchThawed(world, owner);
  }
}

/** The owner's project closes, and another begins with the same traffic. */
function replaceProject(world: World, owner: OwnerAgent): void {
  const { model, epoch, assumptions } = world;
  const { account: by, projectId } = owner;
  const drawn = world.act({
    kind: "drawProject",
    by,
    domain: `site-${owner.index}-${epoch}`,
    count: assumptions.seats,
    regionMask: ALL_REGIONS,
    cap: usd(assumptions.capUsd),
    seed: drawSeedOf(world, owner, 0),
  });
  if (drawn.refused !== undefined) return;
  world.act({ kind: "close", by, projectId });
  const { balance } = projectIn(model, projectId)?.credit ?? { balance: 0n };
  if (balance > 0n) world.act({ kind: "requestWithdraw", by, projectId, amount: balance });
  owner.projectId = BigInt(model.projects.length);
  letRefill(world, owner);
}

/** The owner lets others refill every seat, also after it named nodes by hand. */
export function letRefill(world: World, { account: by, projectId }: OwnerAgent): void {
  world.act({ kind: "setRefill", by, projectId, regionMask: ALL_REGIONS, pinHome: false });
}

/** Where a node is gone or a seat is empty, somebody calls `refill`. */
export function refill(world: World, owner: OwnerAgent, seed = drawSeedOf(world, owner, 1)): void {
  const { model } = world;
  const project = projectIn(model, owner.projectId);
  if (project === undefined || project.closedFrom !== 0) return;
  const { nodeIds, cap } = unpackTerms(project.terms);
  const isVacant =
    nodeIds.length < project.refill.seats ||
    nodeIds.some((nodeId) => {
      const node = nodeIn(model, nodeId);
      return node === undefined || isGone(model, node);
    });
  if (!isVacant || "refused" in drawNodes(model, 8, project.refill.regionMask, seed, cap)) return;
  world.act({ kind: "refill", by: owner.account, projectId: owner.projectId, seed });
}

/** The seed of a draw in this epoch; a chain's is as unforeseeable as this one. */
export function drawSeedOf({ seed, epoch }: World, { index }: OwnerAgent, what: number): bigint {
  return BigInt(Math.floor(chance(seed, STREAM.draw, index, epoch, what) * 2 ** 32));
}

/** Credit of closed projects that thawed. */
function fetchThawed(world: World, { account: by }: OwnerAgent): void {
  const { times, projects } = world.model;
  for (const { projectId, owner, closedFrom, credit } of projects) {
    if (owner !== by || closedFrom === 0 || credit.thawing === 0n) continue;
    if (world.epoch > credit.thawEpoch + times.creditThaw) world.act({ kind: "withdraw", by, projectId });
  }
}
