import type { ModelParameters } from "@worker3/sdk/model";

/**
 * Everything that a simulated world is assumed to be, beyond the contracts' own parameters. Money is in USD, which has
 * 1,000,000 base units of the asset; an epoch is a day. None of these is measured: they are there to be changed.
 */
export interface Assumptions {
  /** Nodes at the start, and projects at every time, each project with an owner of its own. */
  readonly nodes: number;
  readonly projects: number;
  /** Seats a project asks for. */
  readonly seats: number;
  /** What one seat may charge an epoch. */
  readonly capUsd: number;
  /** Stake of each node; `minStake` plus room for one slash. */
  readonly stakeUsd: number;

  /** Median requests that a project gets on one seat in an epoch; projects differ log-normally by `trafficSigma`. */
  readonly requestsPerSeat: number;
  readonly trafficSigma: number;
  /** How much a project's traffic differs from epoch to epoch, log-normal sigma. */
  readonly epochSigma: number;
  readonly cpuMsPerRequest: number;
  readonly egressKiBPerRequest: number;
  readonly storedMiBPerSeat: number;
  /** What being served is worth to the owner, in multiples of its price. */
  readonly valueOverPrice: number;

  /** Machine, line and time of one node for one epoch, whatever it serves. */
  readonly hardwareUsdPerEpoch: number;
  /** Cost of really serving, in multiples of its price. */
  readonly servingCostOverPrice: number;
  /** What sending a flood costs whoever sends it, in multiples of the price of the requests. */
  readonly floodCostOverPrice: number;
  readonly gasUsdPerCall: number;
  /** What stakes, credits and bonds would earn elsewhere. */
  readonly capitalCostPerYear: number;

  /** Chance that an owner looks closely at a receipt. The rest of detection is how far it is off. */
  readonly attention: number;
  /** Error of an owner's own estimate of usage: an excess of this share is found in 63% of the looks. */
  readonly ownerNoise: number;
  /** The same of the arbiter, who sees the usage statement. */
  readonly arbiterNoise: number;
  /** Chance that the probes of owners and peers find a replica that serves other bytes, or none, in an epoch. */
  readonly probeDetection: number;
  /** Chance that an honest receipt is disputed by an owner in good faith. */
  readonly falseAlarm: number;
  /** Chance that an owner moves away from a node that reached the cap while its other replicas were far below. */
  readonly moveFromCapped: number;
  /** Chance that an owner moves away from a node after somebody else's dispute was decided against it. */
  readonly followDecisions: number;

  /** Chance that a cheat beyond doubt is found guilty, and that an honest receipt is found innocent. */
  readonly arbiterFindsGuilty: number;
  readonly arbiterFindsInnocent: number;
  /** Epochs from a dispute to its decision; more than `decide`: never. */
  readonly arbiterLatencyEpochs: number;
  /** What the arbiter asks for, in shares of `maxSlash`, and half of it for the disputer; the contracts cut both. */
  readonly slashShare: number;
  /** 1: nodes serve from the block in which they are given a seat, though it counts from the next epoch, for nothing. */
  readonly servesAhead: number;

  /** Chance that a project closes in an epoch, and another begins on drawn nodes. */
  readonly projectChurn: number;
  /** Chance that an honest node retires in an epoch and comes back as a new one. */
  readonly nodeChurn: number;
  /** What holding somebody's name is worth to a squatter. */
  readonly nameUsdPerEpoch: number;
}

export const DEFAULT_ASSUMPTIONS: Assumptions = {
  nodes: 6,
  projects: 8,
  seats: 3,
  capUsd: 1,
  stakeUsd: 1_200,
  requestsPerSeat: 250_000,
  trafficSigma: 0.5,
  epochSigma: 0.25,
  cpuMsPerRequest: 5,
  egressKiBPerRequest: 10,
  storedMiBPerSeat: 100,
  valueOverPrice: 2,
  hardwareUsdPerEpoch: 0.25,
  servingCostOverPrice: 0.25,
  floodCostOverPrice: 0.1,
  gasUsdPerCall: 0.005,
  capitalCostPerYear: 0.05,
  attention: 0.3,
  ownerNoise: 0.3,
  arbiterNoise: 0.1,
  probeDetection: 0.3,
  falseAlarm: 0.0002,
  moveFromCapped: 0.2,
  followDecisions: 0.3,
  arbiterFindsGuilty: 0.95,
  arbiterFindsInnocent: 0.98,
  arbiterLatencyEpochs: 2,
  slashShare: 1,
  servesAhead: 0,
  projectChurn: 0.003,
  nodeChurn: 0.002,
  nameUsdPerEpoch: 0.01,
};

/** The contracts' parameters as `ignition/parameters/live.json` has them; the genesis plays no part. */
export const PROTOCOL: ModelParameters = {
  times: {
    genesis: 1_800_000_000,
    epochSeconds: 86_400,
    late: 4,
    dispute: 3,
    decide: 5,
    creditThaw: 6,
    stakeThaw: 19,
  },
  prices: {
    fromEpoch: 0,
    feeBps: 500,
    included: 10_000n,
    base: 1_000n,
    perMRequests: 300_000n,
    perMCpuMs: 20_000n,
    perGiB: 50_000n,
    perGiBStored: 1_000n,
  },
  minStake: 1_000_000_000n,
  seatStakeFactor: 120n,
  maxSlashShareBps: 2_000n,
  defaultCap: 50_000n,
  maxCap: 100_000_000n,
  minBond: 5_000_000n,
  maxSlash: 200_000_000n,
  slashFloor: 5_000_000n,
  slashFactor: 100n,
  rewardFactor: 2n,
  arbiter: "arbiter",
  feeReceiver: "treasury",
  admin: "admin",
};

/** USD in base units of the asset. */
export function usd(amount: number): bigint {
  return BigInt(Math.round(amount * 1_000_000));
}

/** Base units in USD. */
export function inUsd(amount: bigint): number {
  return Number(amount) / 1_000_000;
}
