import { DONE, type ModelOutcome, type ModelRules, refuse } from "./action.ts";
import type { Model, ModelNode } from "./model.ts";
import { canPay, give, take } from "./tokens.ts";
import { currentEpoch, FULL, freeStakeOf, isLiftable, nodeIn, slashLeftOf, stakeFor } from "./views.ts";

const MAX_AHEAD = 30;
/** Epochs from a slash below the least stake to the retirement. */
const LIFTABLE_FOR = 2;
const REGION_COUNT = 9;

type NodeActionKind =
  | "register"
  | "addStake"
  | "requestUnstake"
  | "cancelUnstake"
  | "withdrawStake"
  | "setOperator"
  | "setPresence"
  | "prune"
  | "transferNode"
  | "acceptNode";

/** Source: contracts/NodeRegistry.sol; refusals come in its order. */
export const nodeRules: ModelRules<NodeActionKind> = {
  register(model, { by, operator, region, stake }) {
    if (model.nowSeconds < model.pausedUntil.nodes) return refuse("PAUSED");
    if (region >= REGION_COUNT) return refuse("UNKNOWN_REGION");
    if (!canPay(model, by, stake)) return refuse("INSUFFICIENT_BALANCE");
    if (stake < model.nodeParameters.minStake) return refuse("STAKE_TOO_SMALL");
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
      isLiftable: false,
      presentUntil: 0,
      leastCap: 0n,
      slashes: { epoch: 0, left: 0n },
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
    if (isLiftable(model, node) && node.stake - node.thawing >= model.nodeParameters.minStake) {
      node.retiredFrom = 0;
      node.isLiftable = false;
      placeInPool(model, node);
    }
    return DONE;
  },

  requestUnstake: (model, action) =>
    asOwner(model, action, (node) => {
      if (action.amount === 0n || action.amount > node.stake) return refuse("UNSTAKE_OUT_OF_RANGE");
      node.thawing = action.amount;
      node.thawEpoch = currentEpoch(model);
      if (node.stake - action.amount < model.nodeParameters.minStake) retireFinally(model, node);
      return DONE;
    }),

  cancelUnstake: (model, action) =>
    asOwner(model, action, (node) => {
      if (node.thawing === 0n) return refuse("NO_STAKE_THAWS");
      node.thawing = 0n;
      node.thawEpoch = 0;
      return DONE;
    }),

  withdrawStake: (model, action) =>
    asOwner(model, action, (node) => {
      if (node.thawing === 0n) return refuse("NO_STAKE_THAWS");
      if (currentEpoch(model) <= node.thawEpoch + model.times.stakeThaw) return refuse("STAKE_STILL_THAWS");
      const amount = node.thawing;
      node.stake -= amount;
      node.thawing = 0n;
      node.thawEpoch = 0;
      if (node.stake < model.nodeParameters.minStake) retireFinally(model, node);
      model.registryTokens -= amount;
      give(model, action.by, amount);
      return DONE;
    }),

  setOperator: (model, action) =>
    asOwner(model, action, (node) => {
      node.operator = action.operator;
      return DONE;
    }),

  setPresence(model, { by, nodeId, untilEpoch, leastCap }) {
    const node = nodeIn(model, nodeId);
    if (node === undefined) return refuse("UNKNOWN_NODE");
    if (by !== node.owner && by !== node.operator) return refuse("NOT_NODE_KEEPER");
    const epoch = currentEpoch(model);
    if (untilEpoch < epoch || untilEpoch > epoch + MAX_AHEAD) return refuse("PRESENCE_OUT_OF_RANGE");
    if (isRetiredFinally(model, node)) return refuse("NODE_RETIRED");
    node.presentUntil = untilEpoch;
    node.leastCap = leastCap;
    placeInPool(model, node);
    return DONE;
  },

  prune(model, { nodeId }) {
    const node = nodeIn(model, nodeId);
    if (node === undefined) return refuse("UNKNOWN_NODE");
    if (!(model.pool[node.region] ?? []).includes(nodeId)) return refuse("NOT_IN_POOL");
    if (node.presentUntil >= currentEpoch(model)) return refuse("STILL_PRESENT");
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

/** Takes stake, at most the share of the epoch; a node with too little left retires, unless stake comes in time. */
export function slashNode(model: Model, node: ModelNode, amount: bigint): bigint {
  const left = slashLeftOf(model, node);
  const most = left < node.stake ? left : node.stake;
  const slashed = amount < most ? amount : most;
  node.slashes = { epoch: currentEpoch(model), left: left - slashed };
  node.stake -= slashed;
  model.registryTokens -= slashed;
  if (node.thawing > node.stake) node.thawing = node.stake;
  // What thaws leaves: it backs no receipt of epochs to come.
  if (node.retiredFrom === 0 && node.stake - node.thawing < model.nodeParameters.minStake) {
    leavePool(model, node);
    node.retiredFrom = currentEpoch(model) + LIFTABLE_FOR;
    node.isLiftable = true;
  }
  return slashed;
}

/** Why a node cannot be given a seat of `cap`, in a project where it has one or not; undefined where it can. */
export function seatRefusal(
  model: Model,
  nodeId: number,
  isSeated: boolean,
  cap: bigint,
): { readonly refused: string } | undefined {
  const node = nodeIn(model, nodeId);
  if (node === undefined) return refuse("UNKNOWN_NODE");
  const retires = isSeated ? isRetiredFinally(model, node) : node.retiredFrom !== 0;
  if (retires) return refuse("NODE_RETIRED");
  if (isSeated) return undefined;
  if (node.presentUntil < currentEpoch(model)) return refuse("NODE_ABSENT");
  if (node.leastCap > cap || node.leastCap === FULL) return refuse("CAP_BELOW_LEAST");
  return freeStakeOf(node) < stakeFor(model, cap) ? refuse("STAKE_TOO_SMALL_FOR_CAP") : undefined;
}

/** A retirement that its owner brought about, in the next epoch or when an earlier one counts, is never taken back. */
function retireFinally(model: Model, node: ModelNode): void {
  if (node.retiredFrom !== 0 && !node.isLiftable) return;
  const next = currentEpoch(model) + 1;
  leavePool(model, node);
  node.retiredFrom = node.retiredFrom === 0 ? next : Math.min(next, node.retiredFrom);
  node.isLiftable = false;
}

function isRetiredFinally(model: Model, node: ModelNode): boolean {
  return node.retiredFrom !== 0 && !isLiftable(model, node);
}

/** Draws find a node in the pool only while it takes new seats. */
function placeInPool(model: Model, node: ModelNode): void {
  const belongs =
    node.retiredFrom === 0 && node.presentUntil >= currentEpoch(model) && node.leastCap !== FULL;
  const members = model.pool[node.region] ?? [];
  if (!belongs) leavePool(model, node);
  else if (!members.includes(node.nodeId)) members.push(node.nodeId);
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
