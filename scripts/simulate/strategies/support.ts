import { capOf, type Usage } from "@worker3/sdk";
import { nodeIn, projectIn, termsAt } from "@worker3/sdk/model";
import { inUsd } from "../assumptions.ts";
import { honestNode } from "../world/honestNode.ts";
import { honestOwner } from "../world/honestOwner.ts";
import { pricedOf, timesOf, usageOf } from "../world/traffic.ts";
import type { NodeAgent, NodeBehaviour, OwnerAgent, OwnerBehaviour, Served, World } from "../world/World.ts";

/** What strategies share. A world always has the agents that strategies take for cheats. */

export function nodeAt(world: World, index: number): NodeAgent {
  const agent = world.nodes[index - 1];
  if (agent === undefined) throw new RangeError(`the world has no node ${index}`);
  return agent;
}

export function ownerAt(world: World, index: number): OwnerAgent {
  const agent = world.owners[index - 1];
  if (agent === undefined) throw new RangeError(`the world has no owner ${index}`);
  return agent;
}

/** Makes a node do something otherwise than an honest one. */
export function corruptNode(world: World, index: number, behaviour: Partial<NodeBehaviour>): void {
  nodeAt(world, index).behaviour = { ...honestNode, ...behaviour };
}

export function corruptOwner(world: World, index: number, behaviour: Partial<OwnerBehaviour>): void {
  ownerAt(world, index).behaviour = { ...honestOwner, ...behaviour };
}

/** Usage that costs all of the cap, whatever was really served. */
export function toCap(world: World, { projectId, epoch, usage }: Served): Usage {
  const cap = capOf(termsAt(projectIn(world.model, projectId), epoch));
  const like = usage.requests > 0n ? usage : usageOf(world, world.assumptions.requestsPerSeat);
  return timesOf(like, (1.01 * Number(cap)) / Number(pricedOf(world, epoch, like)) + 0.01);
}

/** Reports `factor` times what was served. */
export function inflate(factor: number): NodeBehaviour["report"] {
  return (_, __, { usage }) => (usage.requests === 0n ? undefined : timesOf(usage, factor));
}

/** The caps of all receipts that were counted for a node owner's nodes, in USD: the most that inventing can bring. */
export function countedCapsUsd(world: World, ...owners: readonly string[]): number {
  let caps = 0n;
  for (const key of world.model.receipts.keys()) {
    const [projectId = "0", nodeId = "0", epoch = "0"] = key.split("/");
    if (!owners.includes(nodeIn(world.model, Number(nodeId))?.owner ?? "")) continue;
    caps += capOf(termsAt(projectIn(world.model, BigInt(projectId)), Number(epoch)));
  }
  return inUsd(caps);
}

/** The bound that DESIGN and docs/protocol.md state for a node that invents usage. */
export const CAP_UNTIL_REMOVED = "its cap an epoch for each seat, until the owner removes it";
