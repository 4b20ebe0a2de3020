import { unpackTerms } from "@worker3/sdk";
import { availableOf, budgetAt, nodeIn, projectIn, receiptKey, termsAt } from "@worker3/sdk/model";
import { demandOf, pricedOf, sumOf, timesOf, usageOf, withinCap, worthOf } from "./traffic.ts";
import type { NodeAgent, OwnerAgent, World } from "./World.ts";

/**
 * The traffic of an epoch. A node serves a project only with a seat in this epoch, only while its available credit covers
 * the budget of this epoch's terms, and only up to the cap; being served is worth something to the owner, serving and idling
 * cost the node.
 */
export function serveEpoch(world: World): void {
  const agents = new Map(world.nodes.map((agent) => [agent.nodeId, agent]));
  for (const owner of world.owners) {
    const project = projectIn(world.model, owner.projectId);
    if (project === undefined) continue;
    const budget = budgetAt(world.model, project, world.epoch);
    if (availableOf(world.model, project) < budget) continue;
    const { nodeIds, cap } = unpackTerms(termsAt(project, world.epoch));
    nodeIds.forEach((nodeId, seat) => {
      const agent = agents.get(nodeId);
      const node = nodeIn(world.model, nodeId);
      if (agent === undefined || node === undefined) return;
      if (node.retiredFrom !== 0 && world.epoch >= node.retiredFrom) return;
      serveSeat(world, owner, agent, seat, cap);
    });
    if (world.assumptions.servesAhead > 0) serveAhead(world, owner, agents, nodeIds);
  }
  for (const agent of world.nodes) {
    const node = nodeIn(world.model, agent.nodeId);
    const isUp = node !== undefined && (node.retiredFrom === 0 || world.epoch < node.retiredFrom);
    if (isUp && agent.behaviour.isDead !== true)
      world.book(agent.owner, -world.assumptions.hardwareUsdPerEpoch * agent.machines);
  }
}

/** Seats of the next epoch, served in this one: no terms pay for it, and no cap ends it. */
function serveAhead(
  world: World,
  owner: OwnerAgent,
  agents: ReadonlyMap<number, NodeAgent>,
  seated: readonly number[],
): void {
  const project = projectIn(world.model, owner.projectId);
  const { nodeIds } = unpackTerms(project?.terms ?? 0n);
  nodeIds.forEach((nodeId, seat) => {
    const agent = agents.get(nodeId);
    if (agent === undefined || seated.includes(nodeId)) return;
    const usage = demandOf(world, owner.index, seat);
    world.unseated += pricedOf(world, world.epoch, usage);
    world.book(owner.account, worthOf(usage) * world.assumptions.valueOverPrice);
    world.book(agent.owner, -worthOf(usage) * world.assumptions.servingCostOverPrice);
  });
}

function serveSeat(world: World, owner: OwnerAgent, agent: NodeAgent, seat: number, cap: bigint): void {
  const { assumptions, epoch } = world;
  const { projectId } = owner;
  const { nodeId } = agent;
  const wanted = demandOf(world, owner.index, seat);
  const floodFactor = world.floodOf(projectId, nodeId);
  const flood = usageOf(world, floodFactor * assumptions.requestsPerSeat);
  const all = floodFactor === 0 ? wanted : sumOf(wanted, flood);
  const usage = withinCap(world, epoch, all, cap);
  const priced = pricedOf(world, epoch, usage);
  const isReal = agent.behaviour.serves(world, agent, projectId);
  world.served.set(receiptKey(projectId, nodeId, epoch), { projectId, nodeId, epoch, usage, priced, isReal });

  const realShare = Number(wanted.requests) / Math.max(1, Number(all.requests));
  const allUsd = worthOf(usage);
  const realUsd = worthOf(timesOf(usage, realShare));
  if (isReal) {
    world.book(owner.account, realUsd * assumptions.valueOverPrice);
    world.book(agent.owner, -allUsd * assumptions.servingCostOverPrice);
  }
  if (floodFactor > 0 && world.flooder !== undefined) {
    // Whoever floods sees the 402 and stops: only what is served is paid for.
    world.book(world.flooder, -(allUsd - realUsd) * assumptions.floodCostOverPrice);
  }
}
