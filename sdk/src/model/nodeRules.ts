import { DONE, type ModelOutcome, type ModelRules, refuse } from "./action.ts";
import type { Model, ModelNode } from "./model.ts";
import { canPay, give, take } from "./tokens.ts";
import { currentEpoch, nodeIn } from "./views.ts";

const MAX_AHEAD = 30;
const REGION_COUNT = 9;

type NodeActionKind =
  | "register"
  | "addStake"
  | "requestUnstake"
  | "cancelUnstake"
  | "withdrawStake"
  | "setOperator"
  | "setAccepting"
  | "prune"
  | "transferNode"
  | "acceptNode";

/** Source: contracts/NodeRegistry.sol; refusals come in its order. */
export const nodeRules: ModelRules<NodeActionKind> = {
  register(model, { by, operator, region, stake }) {
    if (model.nowSeconds < model.pausedUntil.nodes) return refuse("PAUSED");
    if (region >= REGION_COUNT) return refuse("UNKNOWN_REGION");
    if (!canPay(model, by, stake)) return refuse("INSUFFICIENT_BALANCE");
    if (stake < model.minStake) return refuse("STAKE_TOO_SMALL");
    take(model, by, stake);
    model.registryTokens += stake;
    model.nodes.push({
      nodeId: model.nodes.length + 1,
      owner: by,
      pendingOwner: undefined,
      operator,
      region,
      stake,
      thawing: 0n,
      thawEpoch: 0,
      retiredFrom: 0,
      acceptingUntil: 0,
      payable: { amount: 0n, fee: 0n },
      buckets: new Map(),
    });
    return DONE;
  },

  addStake(model, { by, nodeId, amount }) {
    const node = nodeIn(model, nodeId);
    if (node === undefined) return refuse("UNKNOWN_NODE");
    if (!canPay(model, by, amount)) return refuse("INSUFFICIENT_BALANCE");
    take(model, by, amount);
    model.registryTokens += amount;
    node.stake += amount;
    return DONE;
  },

  requestUnstake: (model, action) =>
    asOwner(model, action, (node) => {
      if (action.amount === 0n || action.amount > node.stake) return refuse("UNSTAKE_AMOUNT");
      node.thawing = action.amount;
      node.thawEpoch = currentEpoch(model);
      retireBelowMinimum(model, node, node.stake - action.amount);
      return DONE;
    }),

  cancelUnstake: (model, action) =>
    asOwner(model, action, (node) => {
      if (node.thawing === 0n) return refuse("NOTHING_THAWING");
      node.thawing = 0n;
      node.thawEpoch = 0;
      return DONE;
    }),

  withdrawStake: (model, action) =>
    asOwner(model, action, (node) => {
      if (node.thawing === 0n) return refuse("NOTHING_THAWING");
      if (currentEpoch(model) <= node.thawEpoch + model.times.stakeThaw) return refuse("STILL_THAWING");
      const amount = node.thawing;
      node.stake -= amount;
      node.thawing = 0n;
      node.thawEpoch = 0;
      retireBelowMinimum(model, node, node.stake);
      model.registryTokens -= amount;
      give(model, action.by, amount);
      return DONE;
    }),

  setOperator: (model, action) =>
    asOwner(model, action, (node) => {
      node.operator = action.operator;
      return DONE;
    }),

  setAccepting(model, { by, nodeId, untilEpoch }) {
    const node = nodeIn(model, nodeId);
    if (node === undefined) return refuse("UNKNOWN_NODE");
    if (by !== node.owner && by !== node.operator) return refuse("NOT_NODE_KEEPER");
    if (untilEpoch === 0) {
      leavePool(model, node);
    } else {
      const epoch = currentEpoch(model);
      if (untilEpoch < epoch || untilEpoch > epoch + MAX_AHEAD) return refuse("ACCEPTING_UNTIL");
      if (node.retiredFrom !== 0) return refuse("NODE_RETIRED");
      const members = model.pool[node.region] ?? [];
      if (!members.includes(nodeId)) members.push(nodeId);
    }
    node.acceptingUntil = untilEpoch;
    return DONE;
  },

  prune(model, { nodeId }) {
    const node = nodeIn(model, nodeId);
    if (node === undefined) return refuse("UNKNOWN_NODE");
    if (!(model.pool[node.region] ?? []).includes(nodeId)) return refuse("NOT_IN_POOL");
    if (node.acceptingUntil >= currentEpoch(model)) return refuse("STILL_ACCEPTING");
    leavePool(model, node);
    return DONE;
  },

  transferNode: (model, action) =>
    asOwner(model, action, (node) => {
      node.pendingOwner = action.to;
      return DONE;
    }),

  acceptNode(model, { by, nodeId }) {
    const node = nodeIn(model, nodeId);
    if (node === undefined) return refuse("UNKNOWN_NODE");
    if (by !== node.pendingOwner) return refuse("NOT_PENDING_NODE_OWNER");
    node.owner = by;
    node.pendingOwner = undefined;
    return DONE;
  },
};

/**
 * Retirement is final: receipts of the next epoch and later do not count, and the pool forgets the node at once.
 *
 * @param remaining What stays staked, in base units.
 */
export function retireBelowMinimum(model: Model, node: ModelNode, remaining: bigint): void {
  if (remaining >= model.minStake || node.retiredFrom !== 0) return;
  leavePool(model, node);
  node.retiredFrom = currentEpoch(model) + 1;
}

/** The last of the region takes the place of the one that leaves. */
function leavePool(model: Model, node: ModelNode): void {
  const members = model.pool[node.region] ?? [];
  const place = members.indexOf(node.nodeId);
  if (place === -1) return;
  const last = members.pop();
  if (last !== undefined && last !== node.nodeId) members[place] = last;
}

function asOwner(
  model: Model,
  { by, nodeId }: { by: string; nodeId: number },
  act: (node: ModelNode) => ModelOutcome,
): ModelOutcome {
  const node = nodeIn(model, nodeId);
  if (node === undefined) return refuse("UNKNOWN_NODE");
  return by === node.owner ? act(node) : refuse("NOT_NODE_OWNER");
}
