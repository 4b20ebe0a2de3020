import type { Prices } from "../protocol/prices.ts";
import type { Times } from "../protocol/times.ts";

/** Whatever names an account: an address, or a name in a simulation. */
export type ModelAccount = string;

/** What nodes are held to. */
export interface NodeParameters {
  readonly minStake: bigint;
  /** How many times its cap a seat needs of stake. */
  readonly seatStakeFactor: bigint;
  /** The most that all slashes of one epoch take of a stake, in 1/10000. */
  readonly maxSlashShareBps: bigint;
}

/** What disputes and decisions are held to. */
export interface DisputeParameters {
  readonly minBond: bigint;
  readonly maxSlash: bigint;
  /** A slash is at most `slashFactor` times the receipt's amount, and this. */
  readonly slashFloor: bigint;
  readonly slashFactor: bigint;
  /** A reward is at most this many times the bond. */
  readonly rewardFactor: bigint;
  readonly arbiter: ModelAccount;
}

/** What a deployment fixes, and what it begins with. Amounts in base units of the asset (6 decimals). */
export interface ModelParameters extends NodeParameters, DisputeParameters {
  readonly times: Times;
  readonly prices: Prices;
  readonly defaultCap: bigint;
  readonly maxCap: bigint;
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
  /** Whether new stake takes the retirement back until it begins. */
  isLiftable: boolean;
  presentUntil: number;
  /** The least cap for which it takes new seats. */
  leastCap: bigint;
  /** Of the epoch of its last slash: what may still be slashed. */
  slashes: { epoch: number; left: bigint };
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
  /** `isChosen`: the owner set it since the seats were last drawn. */
  refill: { seats: number; regionMask: number; pinHome: boolean; isChosen: boolean };
  credit: { balance: bigint; thawing: bigint; thawEpoch: number; raisedAt: number };
  /** How many domains it holds. */
  domains: number;
  /** Those of them outside the zone. */
  readonly claims: Set<string>;
  ring: bigint;
}

/** What became of a counted receipt. */
export interface ModelReceipt {
  readonly amount: bigint;
  status: "untouched" | "released" | "disputed" | "settled";
  dispute:
    | { openedIn: number; isExtended: boolean; disputer: ModelAccount; bond: bigint; feeBps: number }
    | undefined;
}

/** Whose a name of the zone is or was. */
export interface ModelName {
  readonly projectId: bigint;
  releasedAt: number | undefined;
  /** When it was noticed that its project cannot pay; 0: it was not. */
  noticedAt: number;
}

/**
 * Everything that the contracts and their asset hold, as plain values that `applyAction` changes in place. Left out
 * is what moves no money: versions, delegates, endpoints, regions that change, and the asset's allowances, which are taken as
 * given.
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
  nodeParameters: NodeParameters;
  maxCap: bigint;
  disputeParameters: DisputeParameters;
  /** The arbiter neither decides nor extends before this epoch. */
  decisionsSuspendedUntil: number;
  /** Unix seconds; 0: never paused. */
  readonly pausedUntil: { nodes: number; projects: number; settlement: number };
  readonly nodes: ModelNode[];
  /** Nine arrays of node ids, in the order that a draw indexes. */
  readonly pool: readonly number[][];
  readonly projects: ModelProject[];
  /** Names of the zone, without the zone. */
  readonly names: Map<string, ModelName>;
  /** Which project a `deploy` to a domain outside the zone goes to, by `targetKey`. */
  readonly targets: Map<string, bigint>;
  /** What was paid by signature, by `authorizationKey`. */
  readonly authorizations: Set<string>;
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
