/**
 * What one project with one seat, one node and one receipt of epoch `usage` can look like, in plain values: where every
 * unit of money is, and which windows are open. It knows nothing of the contracts.
 */

/** Whole epochs, as the specification has them. */
export const LATE = 3;
export const DISPUTE = 3;
export const DECIDE = 5;
export const CREDIT_THAW = 5;
export const STAKE_THAW = 14;

/** Money in base units of the asset: one USD is 1,000,000. */
export const CAP = 1_000_000;
/** The receipt charges all that it may. */
export const AMOUNT = CAP;
export const FEE_BPS = 500;
export const FEE = Math.ceil((AMOUNT * FEE_BPS) / 10_000);
export const BOND = Math.max(5_000_000, AMOUNT);
export const STAKE = 1_000_000_000;
export const MIN_STAKE = STAKE;
export const MAX_SLASH = 200_000_000;
/** More than one epoch's budget and less than two, so that what is left after a charge differs from both. */
export const CREDIT = 1_500_000;
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
] as const;
export const otherEvents = [
  "submit",
  "decideGuilty",
  "decideInnocent",
  "draw",
  "claim",
  "requestUnstake",
  "withdrawStake",
  "transfer",
] as const;
export type EventName = (typeof ownerEvents)[number] | (typeof otherEvents)[number];

/** Everything that the chain should say. */
export interface World {
  epoch: number;
  /** The epoch whose receipt this is about. */
  usage: number;
  /** Whether the project could be served in `usage`: its available credit was a budget when the epoch began. */
  funded: boolean;
  receipt: "none" | "counted" | "released" | "disputed" | "settled";
  guilty: boolean;
  dispute?: { openedIn: number; by: OwnerName };
  bucket: { pending: number; feeBps: number };
  payable: { amount: number; fee: number };
  /** `loweredAt`: the epoch in which something last left it. */
  credit: { balance: number; thawing: number; thawEpoch: number; loweredAt: number };
  held: number;
  fees: number;
  refunds: Record<OwnerName, number>;
  stake: { amount: number; thawing: number; thawEpoch: number; retiredFrom: number };
  /** Tokens, wherever they are. */
  tokens: Record<OwnerName | "nodeOwner" | "escrow" | "nodes", number>;
  owner: OwnerName;
  /** The node in the project's only seat, oldest first; 0 when it is empty. */
  terms: { from: number; node: number }[];
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
  credit: { balance: CREDIT, thawing: 0, thawEpoch: 0, loweredAt: 0 },
  held: 0,
  fees: 0,
  refunds: { first: 0, second: 0 },
  stake: { amount: STAKE, thawing: 0, thawEpoch: 0, retiredFrom: 0 },
  // The stake of the other node is in the registry too.
  tokens: { first: POCKET, second: POCKET, nodeOwner: POCKET, escrow: CREDIT, nodes: 2 * STAKE },
  owner: "first",
  terms: [{ from: epoch, node: NODE }],
  closed: false,
});

/** The node in the seat in `epoch`, 0 when there is none. */
export const nodeOf = (world: World, epoch: number): number =>
  world.terms.findLast(({ from }) => from <= epoch)?.node ?? 0;

/** Credit that a node may count on: less what thaws, less what may still be submitted. */
export function available(world: World): number {
  const { credit, epoch } = world;
  let reserved = 0;
  for (let past = Math.max(0, epoch - LATE); past < epoch; past++) {
    const counted = past === world.usage && world.receipt !== "none";
    if (nodeOf(world, past) !== 0 && !counted) reserved += CAP;
  }
  return Math.max(0, credit.balance - credit.thawing - reserved);
}

/** The next epoch in which any rule may answer otherwise than now; undefined when there is none. */
export function nextEdge(world: World): number | undefined {
  const { usage, dispute, credit, stake, epoch } = world;
  const lastDays = [usage - 1, usage, usage + LATE, usage + LATE + DISPUTE];
  if (dispute !== undefined) lastDays.push(dispute.openedIn + DECIDE);
  if (credit.thawing > 0) lastDays.push(credit.thawEpoch + CREDIT_THAW);
  if (stake.thawing > 0) lastDays.push(stake.thawEpoch + STAKE_THAW);
  // The last epoch of a window, and the one after it.
  const edges = lastDays.flatMap((last) => [last, last + 1]).filter((edge) => edge > epoch);
  return edges.length === 0 ? undefined : Math.min(...edges);
}

/** The same world later. */
export function later(world: World, epoch: number): World {
  const moved = { ...world, epoch };
  return epoch === world.usage ? { ...moved, funded: available(moved) >= CAP } : moved;
}
