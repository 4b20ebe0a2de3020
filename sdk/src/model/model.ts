import type { Prices } from "../protocol/prices.ts";
import type { Times } from "../protocol/times.ts";

/** Whatever names an account: an address, or a name in a simulation. */
export type ModelAccount = string;

/** What a deployment fixes, and what it begins with. Amounts in base units of the asset (6 decimals). */
export interface ModelParameters {
  readonly times: Times;
  readonly prices: Prices;
  readonly minStake: bigint;
  readonly defaultCap: bigint;
  readonly maxCap: bigint;
  readonly minBond: bigint;
  readonly maxSlash: bigint;
  readonly arbiter: ModelAccount;
  readonly feeReceiver: ModelAccount;
  /** May change parameters and pause. The access manager's delays are not modelled. */
  readonly admin: ModelAccount;
}

export interface ModelNode {
  readonly nodeId: number;
  owner: ModelAccount;
  pendingOwner: ModelAccount | undefined;
  operator: ModelAccount;
  region: number;
  stake: bigint;
  thawing: bigint;
  thawEpoch: number;
  /** 0: not retired. */
  retiredFrom: number;
  acceptingUntil: number;
  payable: { amount: bigint; fee: bigint };
  /** By epoch. */
  readonly buckets: Map<number, { pending: bigint; feeBps: number }>;
}

export interface ModelProject {
  readonly projectId: bigint;
  owner: ModelAccount;
  pendingOwner: ModelAccount | undefined;
  meter: ModelAccount | undefined;
  /** The newest terms word; see `packTerms`. */
  terms: bigint;
  /** Those before it, oldest first. */
  readonly pastTerms: bigint[];
  /** 0: open. */
  closedFrom: number;
  refill: { seats: number; regionMask: number; pinHome: boolean };
  credit: { balance: bigint; thawing: bigint; thawEpoch: number; loweredAt: number };
  ring: bigint;
}

/** What became of a counted receipt. */
export interface ModelReceipt {
  readonly amount: bigint;
  status: "untouched" | "released" | "disputed" | "settled";
  dispute: { openedIn: number; disputer: ModelAccount; bond: bigint; feeBps: number } | undefined;
}

/** Whose a name of the zone is or was. */
export interface ModelName {
  readonly projectId: bigint;
  readonly claimedAt: number;
  releasedAt: number | undefined;
}

/**
 * Everything that the four contracts and their asset hold, as plain values that `applyAction` changes in place. Left out
 * is what moves no money: versions, delegates, endpoints, domains outside the zone, and the asset's allowances, which are
 * taken as given.
 */
export interface Model {
  readonly times: Times;
  readonly defaultCap: bigint;
  readonly admin: ModelAccount;
  readonly feeReceiver: ModelAccount;
  /** The time of the newest block, in Unix seconds. Whoever drives the model moves it forward. */
  nowSeconds: number;
  prices: Prices;
  pricesBefore: Prices;
  minStake: bigint;
  maxCap: bigint;
  minBond: bigint;
  maxSlash: bigint;
  arbiter: ModelAccount;
  /** Unix seconds; 0: never paused. */
  readonly pausedUntil: { nodes: number; projects: number; settlement: number };
  readonly nodes: ModelNode[];
  /** Nine arrays of node ids, in the order that a draw indexes. */
  readonly pool: readonly number[][];
  readonly projects: ModelProject[];
  /** By label. */
  readonly names: Map<string, ModelName>;
  /** By `receiptKey`. */
  readonly receipts: Map<string, ModelReceipt>;
  /** Those of them whose dispute is open. */
  readonly disputed: Set<ModelReceipt>;
  /** What the escrow keeps beside credits and fees: charges on their way, bonds, refunds. */
  held: bigint;
  fees: bigint;
  readonly refunds: Map<ModelAccount, bigint>;
  /** The asset's balances of accounts, and of the two contracts that hold tokens. */
  readonly wallets: Map<ModelAccount, bigint>;
  escrowTokens: bigint;
  registryTokens: bigint;
}
