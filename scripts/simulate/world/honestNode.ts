import { isLiftable, nodeIn } from "@worker3/sdk/model";
import { usd } from "../assumptions.ts";
import type { NodeAgent, NodeBehaviour, World } from "./World.ts";

/** How often a node renews its promise and claims what matured, in epochs. */
const RENEWS_EVERY = 10;
const CLAIMS_EVERY = 7;

/** Serves what it is asked, reports exactly that, in the next epoch. */
export const honestNode: NodeBehaviour = {
  serves: () => true,
  report: (_, __, served) => (served.usage.requests === 0n ? undefined : served.usage),
  submitsAfter: 1,
  rejoins: true,
};

/** Registers a node of the agent, which is the one that runs from now on. */
export function enlist(world: World, agent: NodeAgent, stakeUsd = world.assumptions.stakeUsd): boolean {
  const { model } = world;
  const { owner, operator, index } = agent;
  const registered = world.act({
    kind: "register",
    by: owner,
    operator,
    region: index % 9,
    stake: usd(stakeUsd),
  });
  if (registered.refused !== undefined) return false;
  if (agent.nodeId !== 0) agent.formerIds.push(agent.nodeId);
  agent.nodeId = model.nodes.length;
  announce(world, agent);
  return true;
}

/** It is there, and takes any project. */
function announce(world: World, { owner: by, nodeId }: NodeAgent): void {
  world.act({ kind: "setPresence", by, nodeId, untilEpoch: world.epoch + 30, leastCap: 0n });
}

/**
 * What every node does as an epoch begins, but for reporting: renews, claims, makes up for a slash in time, fetches thawed
 * stake, comes back.
 */
export function keepNode(world: World, agent: NodeAgent): void {
  const { model, epoch, isOpen } = world;
  const { owner: by, nodeId, index } = agent;
  const node = nodeIn(model, nodeId);
  if (node === undefined || agent.behaviour.isDead === true) return;
  if (isLiftable(model, node) && agent.behaviour.rejoins && isOpen) {
    world.act({ kind: "addStake", by, nodeId, amount: usd(world.assumptions.stakeUsd) - node.stake });
  }
  if (node.retiredFrom === 0 && (epoch + index) % RENEWS_EVERY === 0 && isOpen) {
    announce(world, agent);
  }
  for (const id of [nodeId, ...agent.formerIds]) {
    if ((epoch + index) % CLAIMS_EVERY === 0 || !isOpen) claim(world, agent, id);
    const former = nodeIn(model, id);
    if (former === undefined || former.retiredFrom === 0) continue;
    if (former.stake > 0n && former.thawing < former.stake) {
      world.act({ kind: "requestUnstake", by, nodeId: id, amount: former.stake });
    } else if (former.thawing > 0n && epoch > former.thawEpoch + model.times.stakeThaw) {
      world.act({ kind: "withdrawStake", by, nodeId: id });
    }
  }
  if (node.retiredFrom !== 0 && agent.behaviour.rejoins && isOpen && epoch >= node.retiredFrom)
    enlist(world, agent);
}

/** Claims everything that matured. */
function claim(world: World, { owner: by }: NodeAgent, nodeId: number): void {
  const node = nodeIn(world.model, nodeId);
  const { late, dispute } = world.model.times;
  const epochs = [...(node?.buckets.keys() ?? [])].filter((epoch) => world.epoch > epoch + late + dispute);
  const payable = node?.payable ?? { amount: 0n, fee: 0n };
  if (epochs.length === 0 && payable.amount + payable.fee === 0n) return;
  world.act({ kind: "claim", by, nodeId, epochs });
}
