import { seatOf } from "@worker3/sdk";
import { nodeIn, receiptKey, termsAt } from "@worker3/sdk/model";
import { NOTHING } from "./traffic.ts";
import type { NodeAgent, World } from "./World.ts";

/** The node reports the epoch whose turn it is, for every project in which it had a seat then. */
export function submitUsage(world: World, agent: NodeAgent): void {
  for (const nodeId of [agent.nodeId, ...agent.formerIds.slice(-1)]) {
    const node = nodeIn(world.model, nodeId);
    const epoch = world.epoch - agent.behaviour.submitsAfter;
    if (node === undefined || epoch < 0) continue;
    if (node.retiredFrom !== 0 && epoch >= node.retiredFrom) continue;
    submitEpoch(world, agent, nodeId, epoch);
  }
}

/** Reports one epoch by the node's behaviour, and keeps what was counted for the owners to look at. */
export function submitEpoch(world: World, agent: NodeAgent, nodeId: number, epoch: number): void {
  const { model } = world;
  const receipts = model.projects.flatMap((project) => {
    const { projectId } = project;
    if (seatOf(termsAt(project, epoch), nodeId) === undefined) return [];
    const served = world.served.get(receiptKey(projectId, nodeId, epoch)) ?? {
      projectId,
      nodeId,
      epoch,
      usage: NOTHING,
      priced: 0n,
      isReal: true,
    };
    const usage = agent.behaviour.report(world, agent, served);
    return usage === undefined ? [] : [{ projectId, ...usage }];
  });
  if (receipts.length === 0) return;
  const { operator: signer, owner: by } = agent;
  const known = receipts.map(({ projectId }) => model.receipts.has(receiptKey(projectId, nodeId, epoch)));
  world.act({ kind: "submit", by, nodeId, epoch, receipts, signer });
  receipts.forEach((claimed, i) => {
    const { projectId } = claimed;
    const key = receiptKey(projectId, nodeId, epoch);
    const amount = model.receipts.get(key)?.amount;
    if (amount === undefined || known[i]) return;
    world.claimedUsage.set(key, claimed);
    world.fresh.push({ projectId, nodeId, epoch, amount, claimed });
  });
}
