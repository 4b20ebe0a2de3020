import { REGIONS } from "../protocol/regions.ts";
import type { Model, ModelParameters } from "./model.ts";

/** A network on which nothing happened yet, in the second of its genesis. */
export function createModel(parameters: ModelParameters): Model {
  const { times, prices, defaultCap, admin, feeReceiver } = parameters;
  const { minStake, maxCap, minBond, maxSlash, arbiter } = parameters;
  return {
    times,
    defaultCap,
    admin,
    feeReceiver,
    nowSeconds: times.genesis,
    prices: { ...prices, fromEpoch: 0 },
    pricesBefore: { ...prices, fromEpoch: 0 },
    minStake,
    maxCap,
    minBond,
    maxSlash,
    arbiter,
    pausedUntil: { nodes: 0, projects: 0, settlement: 0 },
    nodes: [],
    pool: REGIONS.map(() => []),
    projects: [],
    names: new Map(),
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
