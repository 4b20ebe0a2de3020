import { unpackTerms } from "@worker3/sdk";
import { projectIn, seatRefusal } from "@worker3/sdk/model";
import { chance, STREAM } from "./chance.ts";
import type { OwnerAgent, World } from "./World.ts";

/** The owner gives the node's seat to another one that accepts projects and that the owner does not avoid. */
export function moveAway(world: World, owner: OwnerAgent, nodeId: number): void {
  owner.avoids.add(nodeId);
  const { model, seed, epoch } = world;
  const { account: by, projectId } = owner;
  const project = projectIn(model, projectId);
  if (project === undefined || project.closedFrom !== 0) return;
  const { nodeIds: seated, cap } = unpackTerms(project.terms);
  const seats = seated.filter((id) => id !== 0);
  if (!seats.includes(nodeId)) return;
  const free = model.nodes
    .map(({ nodeId: id }) => id)
    .filter((id) => !seats.includes(id) && seatRefusal(model, id, false, cap) === undefined);
  const candidates = free.filter((id) => !owner.avoids.has(id));
  const chosen =
    candidates[Math.floor(chance(seed, STREAM.draw, owner.index, nodeId, epoch) * candidates.length)];
  const nodeIds = seats.flatMap((id) => (id !== nodeId ? [id] : chosen === undefined ? [] : [chosen]));
  const active = nodeIds.filter((id) => model.nodes[id - 1]?.retiredFrom === 0);
  if (active.length > 0) world.act({ kind: "setReplicas", by, projectId, nodeIds: active });
}
