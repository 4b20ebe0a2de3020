import {
  AMOUNT,
  BOND,
  CREDIT_THAW,
  DECIDE,
  DISPUTE,
  type EventName,
  FEE,
  FEE_BPS,
  LATE,
  MAX_SLASH,
  MIN_STAKE,
  NODE,
  nodeOf,
  OTHER_NODE,
  type OwnerName,
  PROJECT,
  STAKE_THAW,
  type World,
} from "./world.ts";

/**
 * A second reading of the protocol's rules: for every event, what becomes of every unit of money, or which refusal it
 * meets. It knows nothing of the contracts but their names for refusals.
 */

/** What a contract answers to a call that the rules forbid. */
export interface Refusal {
  refused: string;
  args: readonly (number | string)[];
}

const refuse = (refused: string, ...args: (number | string)[]): Refusal => ({ refused, args });

export const isRefusal = (outcome: World | Refusal): outcome is Refusal => "refused" in outcome;

/** What the event leads to. `by` matters where only a project's owner may act. */
export function after(world: World, event: EventName, by: OwnerName): World | Refusal {
  return rules[event](copyOf(world), by);
}

/** As deep as the rules write; they replace `terms` and `dispute` whole. */
const copyOf = (world: World): World => ({
  ...world,
  bucket: { ...world.bucket },
  payable: { ...world.payable },
  credit: { ...world.credit },
  refunds: { ...world.refunds },
  stake: { ...world.stake },
  tokens: { ...world.tokens },
});

type Rule = (world: World, by: OwnerName) => World | Refusal;

/** The reason why this caller may not act as the project's owner. */
const notOwner = (world: World, by: OwnerName): Refusal | undefined =>
  by === world.owner ? undefined : refuse("NotProjectOwner", PROJECT, by, world.owner);

/** The reason why the receipt is beyond release and dispute. */
function untouchable(world: World): Refusal | undefined {
  const last = world.usage + LATE + DISPUTE;
  if (world.epoch > last) return refuse("WindowClosed", world.usage, last);
  if (world.receipt === "none") return refuse("UnknownBatch", NODE, world.usage, "batch");
  const status = ["none", "counted", "released", "disputed", "settled"].indexOf(world.receipt) - 1;
  return status === 0 ? undefined : refuse("AlreadyTouched", PROJECT, NODE, world.usage, status);
}

function takeFromBucket(world: World): void {
  world.bucket.pending -= AMOUNT;
}

function payNode(world: World): void {
  world.payable.amount += AMOUNT - FEE;
  world.payable.fee += FEE;
}

function retireBelowMinimum(world: World, remaining: number): void {
  if (remaining < MIN_STAKE && world.stake.retiredFrom === 0) world.stake.retiredFrom = world.epoch + 1;
}

/** Terms count from the next epoch; the last of several in one epoch stand. */
function setNode(world: World, node: number): void {
  const from = world.epoch + 1;
  world.terms = [...world.terms.filter((terms) => terms.from < from), { from, node }];
}

/** The dispute that can be ended, or why there is none. */
function openDispute(world: World): { openedIn: number; by: OwnerName } | Refusal {
  if (world.receipt === "disputed" && world.dispute) return world.dispute;
  const status = { none: 0, counted: 0, released: 1, disputed: 2, settled: 3 }[world.receipt];
  return refuse("NotDisputed", PROJECT, NODE, world.usage, status);
}

const decide =
  (settle: (world: World, by: OwnerName) => void): Rule =>
  (world) => {
    const dispute = openDispute(world);
    if ("refused" in dispute) return dispute;
    const last = dispute.openedIn + DECIDE;
    if (world.epoch > last) return refuse("DecisionWindow", last, world.epoch);
    world.receipt = "settled";
    settle(world, dispute.by);
    return world;
  };

const rules: Record<EventName, Rule> = {
  submit(world) {
    const { usage, epoch, stake, credit } = world;
    if (epoch <= usage || epoch > usage + LATE) return refuse("NotSubmittable", usage, epoch);
    if (stake.retiredFrom !== 0 && usage >= stake.retiredFrom) {
      return refuse("NodeRetired", NODE, usage, stake.retiredFrom);
    }
    const counts = nodeOf(world, usage) === NODE && world.receipt === "none" && credit.balance >= AMOUNT;
    if (!counts) return refuse("NothingCounted", NODE, usage);
    credit.balance -= AMOUNT;
    credit.thawing = Math.min(credit.thawing, credit.balance);
    credit.loweredAt = epoch;
    world.held += AMOUNT;
    world.bucket = { pending: AMOUNT, feeBps: FEE_BPS };
    world.receipt = "counted";
    return world;
  },

  release(world, by) {
    const refusal = untouchable(world);
    if (refusal) return refusal;
    if (by !== world.owner) return refuse("NotReleasable", PROJECT, by);
    takeFromBucket(world);
    payNode(world);
    world.receipt = "released";
    return world;
  },

  dispute(world, by) {
    const refusal = untouchable(world) ?? notOwner(world, by);
    if (refusal) return refusal;
    takeFromBucket(world);
    world.tokens[by] -= BOND;
    world.tokens.escrow += BOND;
    world.held += BOND;
    world.dispute = { openedIn: world.epoch, by };
    world.receipt = "disputed";
    return world;
  },

  decideGuilty: decide((world, by) => {
    const { stake, credit } = world;
    world.guilty = true;
    world.held -= AMOUNT;
    credit.balance += AMOUNT;
    const slashed = Math.min(MAX_SLASH, stake.amount);
    const reward = Math.floor(slashed / 2);
    stake.amount -= slashed;
    stake.thawing = Math.min(stake.thawing, stake.amount);
    retireBelowMinimum(world, stake.amount);
    world.tokens.nodes -= slashed;
    world.tokens.escrow += slashed;
    world.held += reward;
    world.fees += slashed - reward;
    world.refunds[by] += BOND + reward;
  }),

  decideInnocent: decide((world) => {
    payNode(world);
    world.payable.amount += BOND;
  }),

  draw(world) {
    const dispute = openDispute(world);
    if ("refused" in dispute) return dispute;
    const last = dispute.openedIn + DECIDE;
    if (world.epoch <= last) return refuse("DecisionWindow", last, world.epoch);
    world.receipt = "settled";
    payNode(world);
    world.refunds[dispute.by] += BOND;
    return world;
  },

  claim(world) {
    let { amount, fee } = world.payable;
    const { bucket } = world;
    if (world.epoch > world.usage + LATE + DISPUTE && bucket.pending > 0) {
      const part = Math.ceil((bucket.pending * bucket.feeBps) / 10_000);
      amount += bucket.pending - part;
      fee += part;
      world.bucket = { pending: 0, feeBps: 0 };
    }
    if (amount + fee === 0) return refuse("NothingToClaim", NODE);
    world.payable = { amount: 0, fee: 0 };
    world.held -= amount + fee;
    world.fees += fee;
    world.tokens.escrow -= amount;
    world.tokens.nodeOwner += amount;
    return world;
  },

  requestUnstake(world) {
    const { stake } = world;
    if (stake.amount === 0) return refuse("UnstakeAmount", 0, 0);
    stake.thawing = stake.amount;
    stake.thawEpoch = world.epoch;
    retireBelowMinimum(world, 0);
    return world;
  },

  withdrawStake(world) {
    const { stake } = world;
    if (stake.thawing === 0) return refuse("NothingThawing", NODE);
    const last = stake.thawEpoch + STAKE_THAW;
    if (world.epoch <= last) return refuse("StillThawing", NODE, last);
    world.tokens.nodes -= stake.thawing;
    world.tokens.nodeOwner += stake.thawing;
    stake.amount -= stake.thawing;
    stake.thawing = 0;
    stake.thawEpoch = 0;
    return world;
  },

  requestWithdraw(world, by) {
    const refusal = notOwner(world, by);
    if (refusal) return refusal;
    const { credit } = world;
    if (credit.balance === 0) return refuse("WithdrawAmount", 0, 0);
    credit.thawing = credit.balance;
    credit.thawEpoch = world.epoch;
    return world;
  },

  withdraw(world, by) {
    const refusal = notOwner(world, by);
    if (refusal) return refusal;
    const { credit } = world;
    if (credit.thawing === 0) return refuse("NothingThawing", PROJECT);
    const last = credit.thawEpoch + CREDIT_THAW;
    if (world.epoch <= last) return refuse("StillThawing", PROJECT, last);
    world.tokens.escrow -= credit.thawing;
    world.tokens[by] += credit.thawing;
    world.credit = {
      balance: credit.balance - credit.thawing,
      thawing: 0,
      thawEpoch: 0,
      loweredAt: world.epoch,
    };
    return world;
  },

  close(world, by) {
    const refusal = notOwner(world, by);
    if (refusal) return refusal;
    if (world.closed) return refuse("ProjectClosed", PROJECT);
    world.closed = true;
    setNode(world, 0);
    return world;
  },

  setReplicas(world, by) {
    const refusal = notOwner(world, by);
    if (refusal) return refusal;
    if (world.closed) return refuse("ProjectClosed", PROJECT);
    setNode(world, OTHER_NODE);
    return world;
  },

  // The offer to the second owner stands from the beginning.
  transfer(world) {
    if (world.owner === "second") return refuse("NotPendingProjectOwner", PROJECT, "second", "nobody");
    world.owner = "second";
    return world;
  },
};
