/**
 * What one project with one seat, one node and one receipt of epoch `usage` can look like, in plain values: where every
 * unit of money is, and which windows are open. It knows nothing of the contracts.
 */

/** Whole epochs, as the specification has them. */
export const LATE = 4;
export const DISPUTE = 3;
export const DECIDE = 5;
export const CREDIT_THAW = 6;
export const STAKE_THAW = 19;

/** Money in base units of the asset: one USD is 1,000,000. */
export const CAP = 1_000_000;
/** What the owner may grow the cap to. */
export const GROWN_CAP = 2_000_000;
export const FEE_BPS = 500;
export const BOND = 5_000_000;
export const STAKE = 1_000_000_000;
export const MIN_STAKE = STAKE;
/** What somebody may add to the stake. */
export const ADDED = 200_000_000;
/** What the arbiter asks for; the rules cut it. */
export const SLASH = 500_000_000;
export const MAX_SLASH = 200_000_000;
export const SLASH_FLOOR = 5_000_000;
export const SLASH_FACTOR = 100;
export const REWARD_FACTOR = 2;
export const SLASH_SHARE_BPS = 2_000;
/**
 * Enough for the epoch of the receipt, and for its growth where the project is young; not a multiple of a budget, so that
 * what is left after a charge differs from all of them.
 */
export const CREDIT = 4_500_000;
/** Epochs for which the nodes said that they are there, from the one in which the project was made. */
export const PRESENCE = 29;
/** What everybody begins with, beyond credit and stake. */
export const POCKET = 100_000_000;

export const PROJECT = 1;
export const NODE = 1;
export const OTHER_NODE = 2;

export type OwnerName = "first" | "second";

export const ownerEvents = [
  "release",
  "dispute",
  "requestWithdraw",
  "withdraw",
  "close",
  "setReplicas",
  "grow",
] as const;
export const otherEvents = [
  "submit",
  "decideGuilty",
  "decideInnocent",
  "extend",
  "draw",
  "claim",
  "requestUnstake",
  "withdrawStake",
  "addStake",
  "transfer",
] as const;
export type EventName = (typeof ownerEvents)[number] | (typeof otherEvents)[number];

export interface Terms {
  from: number;
  node: number;
  cap: number;
}

/** Everything that the chain should say. */
export interface World {
  epoch: number;
  /** The epoch whose receipt this is about. */
  usage: number;
  /** Whether the project could be served in `usage`: its available credit was a budget when the epoch began. */
  funded: boolean;
  receipt: "none" | "counted" | "released" | "disputed" | "settled";
  guilty: boolean;
  dispute?: { openedIn: number; by: OwnerName; extended: boolean };
  bucket: { pending: number; feeBps: number };
  payable: { amount: number; fee: number };
  /** `raisedAt`: the epoch in which something last came to it. */
  credit: { balance: number; thawing: number; thawEpoch: number; raisedAt: number };
  held: number;
  fees: number;
  refunds: Record<OwnerName, number>;
  /** `liftable`: new stake takes the retirement back until it begins. */
  stake: {
    amount: number;
    thawing: number;
    thawEpoch: number;
    retiredFrom: number;
    liftable: boolean;
    slashedIn: number;
    slashLeft: number;
  };
  /** What the node's owner was paid for receipts, and took back of the stake. */
  paid: number;
  withdrawn: number;
  slashed: number;
  /** The last epoch for which the nodes said that they are there. */
  presentUntil: number;
  /** Tokens, wherever they are. */
  tokens: Record<OwnerName | "nodeOwner" | "escrow" | "nodes", number>;
  owner: OwnerName;
  /** The node in the project's only seat and the cap, oldest first; node 0 when it is empty. */
  terms: Terms[];
  closed: boolean;
}

/** The world in epoch `epoch`, with a project that was made just now; its receipt is one of epoch `usage`. */
export const firstWorld = (epoch: number, usage: number): World => ({
  epoch,
  usage,
  funded: false,
  receipt: "none",
  guilty: false,
  bucket: { pending: 0, feeBps: 0 },
  payable: { amount: 0, fee: 0 },
  credit: { balance: CREDIT, thawing: 0, thawEpoch: 0, raisedAt: epoch },
  held: 0,
  fees: 0,
  refunds: { first: 0, second: 0 },
  stake: {
    amount: STAKE,
    thawing: 0,
    thawEpoch: 0,
    retiredFrom: 0,
    liftable: false,
    slashedIn: 0,
    slashLeft: 0,
  },
  paid: 0,
  withdrawn: 0,
  slashed: 0,
  presentUntil: epoch + PRESENCE,
  // The stake of the other node is in the registry too.
  tokens: { first: POCKET, second: POCKET, nodeOwner: POCKET, escrow: CREDIT, nodes: 2 * STAKE },
  owner: "first",
  terms: [{ from: epoch, node: NODE, cap: CAP }],
  closed: false,
});

const NO_TERMS: Terms = { from: 0, node: 0, cap: 0 };

/** The terms of `epoch`. */
export const termsAt = (world: World, epoch: number): Terms =>
  world.terms.findLast(({ from }) => from <= epoch) ?? NO_TERMS;

/** What the receipt charges: all that it may. */
export const amountOf = (world: World): number => termsAt(world, world.usage).cap;

export const feeOf = (amount: number): number => Math.ceil((amount * FEE_BPS) / 10_000);

/** What terms may charge for `epoch`: nothing where the seat is empty or its node is retired then. */
export function budgetOf(world: World, { node, cap }: Terms, epoch: number): number {
  const { retiredFrom } = world.stake;
  const isRetired = node === NODE && retiredFrom !== 0 && epoch >= retiredFrom;
  return node === 0 || isRetired ? 0 : cap;
}

/** The last epoch in which a dispute can be decided. */
export const lastDecision = ({ openedIn, extended }: NonNullable<World["dispute"]>): number =>
  openedIn + (extended ? 2 : 1) * DECIDE;

/** Credit that a node may count on: less what thaws, less what may still be submitted. */
export function available(world: World): number {
  const { credit, epoch } = world;
  let reserved = 0;
  for (let past = Math.max(0, epoch - LATE); past < epoch; past++) {
    const counted = past === world.usage && world.receipt !== "none";
    if (!counted) reserved += budgetOf(world, termsAt(world, past), past);
  }
  return Math.max(0, credit.balance - credit.thawing - reserved);
}

/** The next epoch in which any rule may answer otherwise than now; undefined when there is none. */
export function nextEdge(world: World): number | undefined {
  const { usage, dispute, credit, stake, epoch } = world;
  const lastDays = [usage - 1, usage, usage + LATE, usage + LATE + DISPUTE];
  if (dispute !== undefined) lastDays.push(lastDecision(dispute));
  if (credit.thawing > 0) lastDays.push(credit.thawEpoch + CREDIT_THAW);
  if (stake.thawing > 0) lastDays.push(stake.thawEpoch + STAKE_THAW);
  if (stake.liftable) lastDays.push(stake.retiredFrom - 1);
  // The last epoch of a window, and the one after it.
  const edges = lastDays.flatMap((last) => [last, last + 1]).filter((edge) => edge > epoch);
  return edges.length === 0 ? undefined : Math.min(...edges);
}

/** The same world later. */
export function later(world: World, epoch: number): World {
  const moved = { ...world, epoch };
  return epoch === world.usage ? { ...moved, funded: available(moved) >= amountOf(moved) } : moved;
}
