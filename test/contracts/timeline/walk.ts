import assert from "node:assert/strict";
import { after, isRefusal } from "./rules.ts";
import type { Stage, Try } from "./stage.ts";
import {
  amountOf,
  type EventName,
  feeOf,
  firstWorld,
  LATE,
  later,
  NODE,
  nextEdge,
  otherEvents,
  ownerEvents,
  POCKET,
  STAKE,
  termsAt,
  type World,
} from "./world.ts";

/** What a walk was. */
export interface Walked {
  /** Different orders, from the first event or passing epoch to the last. */
  orders: bigint;
  /** Different moments: what stands, in which epoch. In each, every event was tried. */
  moments: number;
  /** Events that were made to happen. */
  steps: number;
}

/** Which events happen on a walk. Every event is tried in every moment, those that do not happen too. */
export interface Route {
  events: readonly EventName[];
  /** Epochs after that of the receipt until which a request or a change of terms happens; later ones are only tried. */
  until: number;
}

export const allEvents: readonly EventName[] = [...otherEvents, ...ownerEvents];

/** These could happen again and again: on one walk each does at most once. */
const repeatable: readonly EventName[] = [
  "requestUnstake",
  "requestWithdraw",
  "close",
  "setReplicas",
  "grow",
  "addStake",
];

const verdictOn = (world: World, event: EventName) => after(world, event, world.owner);

/** Every event; and, where the owner can change, also by the one who is not. */
function triesIn(world: World, ownerChanges: boolean): Try[] {
  const tries = allEvents.map((event) => ({ event, by: world.owner, verdict: verdictOn(world, event) }));
  if (!ownerChanges) return tries;
  const by = world.owner === "first" ? "second" : "first";
  return [
    ...tries,
    ...ownerEvents.map((event) => ({ event, by, verdict: after(world, event, by) }) as const),
  ];
}

/**
 * Walks every order of the route's events over every epoch in which a rule changes its answer, depth first. Two orders
 * that come to the same moment go on as one, once it is shown that they left the same bytes in the storage of all
 * contracts.
 */
export async function walkEveryOrder(stage: Stage, { events, until }: Route): Promise<Walked> {
  const ordersFrom = new Map<string, bigint>();
  const storageOf = new Map<string, string>();
  let steps = 0;

  async function visit(world: World, exits: number, happened: readonly string[], history: string[]) {
    const onlyTimePassed = history.at(-1)?.startsWith("epoch") ?? false;
    const state = JSON.stringify(world);
    const where = history.join(", ");
    if (!onlyTimePassed) {
      const storage = await stage.fingerprint();
      assert.equal(storage, storageOf.get(state) ?? storage, `another order left other storage: ${where}`);
      storageOf.set(state, storage);
    }
    const moment = `${state} ${happened.join()}`;
    keepsPromises(world, exits, where);
    const known = ordersFrom.get(moment);
    if (known !== undefined) return known;

    await stage.compare(world, triesIn(world, events.includes("transfer")), !onlyTimePassed, where);

    let orders = 0n;
    for (const event of events) {
      const once = repeatable.includes(event);
      // Stake is added for what a decision took, which comes late.
      const isLate = world.epoch > world.usage + until && event !== "addStake";
      if (once && (happened.includes(event) || isLate)) continue;
      const next = verdictOn(world, event);
      if (isRefusal(next)) continue;
      const snapshot = await stage.snapshot();
      await stage.perform(world, event);
      steps++;
      orders += await visit(
        next,
        exits + leftBucket(world, next, event),
        once ? [...happened, event].sort() : happened,
        [...history, event],
      );
      await stage.restore(snapshot);
    }

    const edge = nextEdge(world);
    if (edge === undefined) {
      endsWell(world, where);
      orders += 1n;
    } else {
      const snapshot = await stage.snapshot();
      await stage.moveTo(edge);
      orders += await visit(later(world, edge), exits, happened, [...history, `epoch ${edge}`]);
      await stage.restore(snapshot);
    }
    ordersFrom.set(moment, orders);
    return orders;
  }

  const orders = await visit(firstWorld(stage.start, stage.usage), 0, [], []);
  return { orders, moments: ordersFrom.size, steps };
}

/**
 * Walks `count` orders of all events, each chosen by `random` (0 to 1), until no rule changes its answer any more. What
 * restarts a timer happens twice at most.
 */
export async function walkAtRandom(stage: Stage, count: number, random: () => number): Promise<Walked> {
  const moments = new Set<string>();
  let steps = 0;
  for (let order = 0; order < count; order++) {
    const snapshot = await stage.snapshot();
    const history: string[] = [];
    let world = firstWorld(stage.start, stage.usage);
    let exits = 0;
    for (;;) {
      const where = history.join(", ");
      await stage.compare(world, triesIn(world, true), true, where);
      keepsPromises(world, exits, where);
      moments.add(JSON.stringify(world));

      const possible = allEvents.filter(
        (event) =>
          !isRefusal(verdictOn(world, event)) &&
          !(repeatable.includes(event) && history.filter((past) => past === event).length === 2),
      );
      const edge = nextEdge(world);
      const chosen = possible[Math.floor(random() * possible.length * 2)];
      if (chosen) {
        const next = verdictOn(world, chosen);
        assert(!isRefusal(next));
        await stage.perform(world, chosen);
        steps++;
        exits += leftBucket(world, next, chosen);
        world = next;
        history.push(chosen);
      } else if (edge !== undefined) {
        await stage.moveTo(edge);
        world = later(world, edge);
        history.push(`epoch ${edge}`);
      } else {
        endsWell(world, where);
        break;
      }
    }
    await stage.restore(snapshot);
  }
  return { orders: BigInt(count), moments: moments.size, steps };
}

/** 1 where the receipt's amount leaves the bucket: only these events take it out, and only all of it. */
function leftBucket(before: World, next: World, event: EventName): number {
  const change = next.bucket.pending - before.bucket.pending;
  if (change > 0) assert.deepEqual([event, change], ["submit", amountOf(next)]);
  if (change >= 0) return 0;
  assert(["release", "dispute", "claim"].includes(event), `${event} took from the bucket`);
  assert.equal(change, -amountOf(next));
  return 1;
}

/** What the protocol promises in every moment: the chain is compared with this world, tokens included. */
function keepsPromises(world: World, exits: number, where: string): void {
  const { usage, epoch, bucket, credit, stake, tokens, receipt } = world;
  assert.equal(
    tokens.escrow,
    credit.balance + world.held + world.fees,
    `the escrow is solvent after ${where}`,
  );
  assert.equal(tokens.nodes, stake.amount + STAKE, `the node registry is solvent after ${where}`);

  const left = receipt !== "none" && bucket.pending === 0 ? 1 : 0;
  assert.equal(exits, left, `the receipt leaves its bucket once, after ${where}`);

  const seated = termsAt(world, usage).node === NODE;
  const counts = stake.retiredFrom === 0 || usage < stake.retiredFrom;
  const inTime = epoch > usage && epoch <= usage + LATE;
  if (world.funded && seated && counts && inTime && receipt === "none") {
    assert(!isRefusal(verdictOn(world, "submit")), `served for nothing after ${where}`);
  }
  if (stake.amount === 0) {
    assert(isRefusal(verdictOn(world, "decideGuilty")), `the stake left before its decision after ${where}`);
  }
}

/** What holds where an order ends. */
function endsWell(world: World, where: string): void {
  const { bucket, payable, receipt, tokens, paid: claimed, withdrawn } = world;
  const amount = amountOf(world);
  assert.equal(tokens.nodeOwner, POCKET + claimed + withdrawn, where);
  const waits = bucket.pending + payable.amount + payable.fee > 0;
  assert.equal(waits, !isRefusal(verdictOn(world, "claim")), `what waits can be claimed after ${where}`);
  if (receipt === "none") {
    assert.deepEqual([claimed, waits], [0, false], where);
  } else if (receipt !== "disputed" && !waits) {
    assert(world.guilty ? claimed === 0 : claimed >= amount - feeOf(amount), `paid after ${where}`);
  }
  assert(world.guilty || world.fees <= feeOf(amount), where);
}
