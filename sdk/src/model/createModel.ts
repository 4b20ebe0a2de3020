import { REGIONS } from "../protocol/regions.ts";
import type { Model, ModelParameters } from "./model.ts";

/** A network on which nothing happened yet, in the second of its genesis. */
export function createModel(parameters: ModelParameters): Model {
  const { times, prices, defaultCap, admin, feeReceiver } = parameters;
  const { minStake, seatStakeFactor, maxSlashShareBps, maxCap } = parameters;
  const { minBond, maxSlash, slashFloor, slashFactor, rewardFactor, arbiter } = parameters;
  return {
    times,
    defaultCap,
    admin,
    feeReceiver,
    nowSeconds: times.genesis,
    prices: { ...prices, fromEpoch: 0 },
    pricesBefore: { ...prices, fromEpoch: 0 },
    nodeParameters: { minStake, seatStakeFactor, maxSlashShareBps },
    maxCap,
    disputeParameters: { minBond, maxSlash, slashFloor, slashFactor, rewardFactor, arbiter },
    decisionsSuspendedUntil: 0,
    pausedUntil: { nodes: 0, projects: 0, settlement: 0 },
    nodes: [],
    pool: REGIONS.map(() => []),
    projects: [],
    names: new Map(),
    targets: new Map(),
    authorizations: new Set(),
    receipts: new Map(),
    disputed: new Set(),
    held: 0n,
    fees: 0n,
    refunds: new Map(),
    wallets: new Map(),
    escrowTokens: 0n,
    registryTokens: 0n,
  };
}
