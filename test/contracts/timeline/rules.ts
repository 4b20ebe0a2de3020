import {
  ADDED,
  amountOf,
  available,
  BOND,
  budgetOf,
  CREDIT_THAW,
  DISPUTE,
  type EventName,
  FEE_BPS,
  feeOf,
  GROWN_CAP,
  LATE,
  lastDecision,
  MAX_SLASH,
  MIN_STAKE,
  NODE,
  OTHER_NODE,
  type OwnerName,
  PROJECT,
  REWARD_FACTOR,
  SLASH,
  SLASH_FACTOR,
  SLASH_FLOOR,
  SLASH_SHARE_BPS,
  STAKE_THAW,
  type Terms,
  termsAt,
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
  world.bucket.pending -= amountOf(world);
}

function payNode(world: World): void {
  const amount = amountOf(world);
  world.payable.amount += amount - feeOf(amount);
  world.payable.fee += feeOf(amount);
}

/** A retirement by the owner's own doing stays: it begins in the next epoch, or when an earlier one does. */
function retireFinally({ epoch, stake }: World): void {
  if (stake.retiredFrom === 0 || (stake.liftable && stake.retiredFrom > epoch + 1)) {
    stake.retiredFrom = epoch + 1;
  }
  stake.liftable = false;
}

/** What may be slashed in this epoch: a share of the stake before the first slash in it. */
export function slashLeft({ epoch, stake }: World): number {
  if (stake.slashedIn === epoch) return stake.slashLeft;
  return Math.floor((stake.amount * SLASH_SHARE_BPS) / 10_000);
}

/** Terms count from the next epoch; the last of several in one epoch stand. */
function setNode(world: World, node: number): void {
  setTerms(world, { from: world.epoch + 1, node, cap: newest(world).cap });
}

/** One word for each epoch: another of the same epoch takes its place. */
function setTerms(world: World, terms: Terms): void {
  const others = world.terms.filter(({ from }) => from !== terms.from);
  world.terms = [...others, terms].sort((a, b) => a.from - b.from);
}

const newest = (world: World): Terms => termsAt(world, Number.POSITIVE_INFINITY);

/** The dispute that can be ended, or why there is none. */
function openDispute(world: World): NonNullable<World["dispute"]> | Refusal {
  if (world.receipt === "disputed" && world.dispute) return world.dispute;
  const status = { none: 0, counted: 0, released: 1, disputed: 2, settled: 3 }[world.receipt];
  return refuse("NotDisputed", PROJECT, NODE, world.usage, status);
}

const decide =
  (settle: (world: World, by: OwnerName) => void): Rule =>
  (world) => {
    const dispute = openDispute(world);
    if ("refused" in dispute) return dispute;
    const last = lastDecision(dispute);
    if (world.epoch > last) return refuse("DecisionTooLate", last, world.epoch);
    world.receipt = "settled";
    settle(world, dispute.by);
    return world;
  };

const rules: Record<EventName, Rule> = {
  submit(world) {
    const { usage, epoch, stake, credit } = world;
    if (epoch <= usage || epoch > usage + LATE) return refuse("NotSubmittable", usage, epoch);
    if (stake.retiredFrom !== 0 && usage >= stake.retiredFrom) {
      return refuse("UsageAfterRetirement", NODE, usage, stake.retiredFrom);
    }
    const amount = amountOf(world);
    const isSeated = termsAt(world, usage).node === NODE;
    if (!isSeated || world.receipt !== "none" || credit.balance < amount) {
      return refuse("NothingCounted", NODE, usage);
    }
    credit.balance -= amount;
    credit.thawing = Math.min(credit.thawing, credit.balance);
    world.held += amount;
    world.bucket = { pending: amount, feeBps: FEE_BPS };
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
    world.dispute = { openedIn: world.epoch, by, extended: false };
    world.receipt = "disputed";
    return world;
  },

  decideGuilty: decide((world, by) => {
    const { stake, credit, epoch } = world;
    const amount = amountOf(world);
    world.guilty = true;
    world.held -= amount;
    credit.balance += amount;
    credit.raisedAt = epoch;
    const asked = Math.min(SLASH, MAX_SLASH, SLASH_FACTOR * amount + SLASH_FLOOR);
    const left = slashLeft(world);
    const slashed = Math.min(asked, left, stake.amount);
    const reward = Math.min(Math.floor(slashed / 2), REWARD_FACTOR * BOND);
    stake.slashedIn = epoch;
    stake.slashLeft = left - slashed;
    stake.amount -= slashed;
    stake.thawing = Math.min(stake.thawing, stake.amount);
    if (stake.retiredFrom === 0 && stake.amount - stake.thawing < MIN_STAKE) {
      stake.retiredFrom = epoch + 2;
      stake.liftable = true;
    }
    world.slashed += slashed;
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

  extend(world) {
    const dispute = openDispute(world);
    if ("refused" in dispute) return dispute;
    if (dispute.extended) return refuse("AlreadyExtended", PROJECT, NODE, world.usage);
    const last = lastDecision(dispute);
    if (world.epoch > last) return refuse("DecisionTooLate", last, world.epoch);
    world.dispute = { ...dispute, extended: true };
    return world;
  },

  draw(world) {
    const dispute = openDispute(world);
    if ("refused" in dispute) return dispute;
    const last = lastDecision(dispute);
    if (world.epoch <= last) return refuse("DrawTooEarly", last, world.epoch);
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
    world.paid += amount;
    return world;
  },

  requestUnstake(world) {
    const { stake } = world;
    if (stake.amount === 0) return refuse("UnstakeOutOfRange", 0, 0);
    stake.thawing = stake.amount;
    stake.thawEpoch = world.epoch;
    retireFinally(world);
    return world;
  },

  withdrawStake(world) {
    const { stake } = world;
    if (stake.thawing === 0) return refuse("NoStakeThaws", NODE);
    const last = stake.thawEpoch + STAKE_THAW;
    if (world.epoch <= last) return refuse("StakeStillThaws", NODE, last);
    world.tokens.nodes -= stake.thawing;
    world.tokens.nodeOwner += stake.thawing;
    world.withdrawn += stake.thawing;
    stake.amount -= stake.thawing;
    stake.thawing = 0;
    stake.thawEpoch = 0;
    return world;
  },

  addStake(world) {
    const { stake, epoch } = world;
    stake.amount += ADDED;
    world.tokens.nodes += ADDED;
    const lifts = stake.liftable && epoch < stake.retiredFrom && stake.amount - stake.thawing >= MIN_STAKE;
    if (lifts) {
      stake.retiredFrom = 0;
      stake.liftable = false;
    }
    return world;
  },

  requestWithdraw(world, by) {
    const refusal = notOwner(world, by);
    if (refusal) return refusal;
    const { credit } = world;
    if (credit.balance === 0) return refuse("WithdrawOutOfRange", 0, 0);
    credit.thawing = credit.balance;
    credit.thawEpoch = world.epoch;
    return world;
  },

  withdraw(world, by) {
    const refusal = notOwner(world, by);
    if (refusal) return refusal;
    const { credit } = world;
    if (credit.thawing === 0) return refuse("NoCreditThaws", PROJECT);
    const last = credit.thawEpoch + CREDIT_THAW;
    if (world.epoch <= last) return refuse("CreditStillThaws", PROJECT, last);
    world.tokens.escrow -= credit.thawing;
    world.tokens[by] += credit.thawing;
    world.credit = { ...credit, balance: credit.balance - credit.thawing, thawing: 0, thawEpoch: 0 };
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
    // A node that has the seat need not say again that it is there.
    const { epoch, presentUntil } = world;
    if (newest(world).node !== OTHER_NODE && epoch > presentUntil) {
      return refuse("NodeAbsent", OTHER_NODE, presentUntil);
    }
    setNode(world, OTHER_NODE);
    return world;
  },

  // The only change of terms that counts at once; those of the next epoch, where they are set already, grow with it.
  grow(world, by) {
    const refusal = notOwner(world, by);
    if (refusal) return refusal;
    if (world.closed) return refuse("ProjectClosed", PROJECT);
    const { epoch } = world;
    const grown = { ...termsAt(world, epoch), from: epoch, cap: GROWN_CAP };
    const [needed, there] = [budgetOf(world, grown, epoch), available(world)];
    if (there < needed) return refuse("TooLittleAvailable", PROJECT, there, needed);
    const next = newest(world);
    setTerms(world, grown);
    if (next.from > epoch) setTerms(world, { ...next, cap: GROWN_CAP });
    return world;
  },

  // The offer to the second owner stands from the beginning.
  transfer(world) {
    if (world.owner === "second") return refuse("NotPendingProjectOwner", PROJECT, "second", "nobody");
    world.owner = "second";
    return world;
  },
};
