import assert from "node:assert/strict";
import fc from "fast-check";
import { networkHelpers } from "../support/network.ts";
import {
  BASE,
  by,
  CAP,
  eventsOf,
  fund,
  load,
  PROJECT,
  type ProjectNetwork,
  pastTermsOf,
  setPresence,
  withProject,
} from "../support/projects.ts";
import { ALL_REGIONS, assertions, currentEpoch, nextEpoch, registerNode, USD } from "../support/scenario.ts";

const NODES = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const SEATS = 8;

interface Terms {
  readonly seats: readonly number[];
  readonly cap: number;
  readonly fromEpoch: number;
}

const eight = (nodeIds: readonly number[]): number[] =>
  Array.from({ length: SEATS }, (_, seat) => nodeIds[seat] ?? 0);

type Refusal = "CapWouldShrink" | "NodeSeatedTwice" | "NoEmptySeat";

/**
 * What a project's terms are by the rules, without words and indexes: the terms of this epoch, those that are set for the
 * next, and for each epoch that is over what it was judged by.
 */
class Reference {
  readonly over = new Map<number, Terms>();
  current: Terms;
  next: Terms | undefined;
  epoch: number;
  /** How many seats a refill fills, and whether anybody may come by one. */
  kept = 3;
  mask = ALL_REGIONS;
  isChosen = true;

  constructor(first: Terms, epoch: number) {
    [this.current, this.epoch] = [first, epoch];
  }

  get newest(): Terms {
    return this.next ?? this.current;
  }

  moveTo(epoch: number): void {
    for (; this.epoch < epoch; this.epoch++) {
      this.over.set(this.epoch, this.current);
      [this.current, this.next] = [this.newest, undefined];
    }
  }

  at(epoch: number): Terms | undefined {
    if (epoch > this.epoch) return this.newest;
    return epoch === this.epoch ? this.current : this.over.get(epoch);
  }

  set(change: Partial<Terms>): void {
    this.next = { ...this.newest, ...change, fromEpoch: this.epoch + 1 };
  }

  setRule(kept: number, mask: number, isChosen: boolean): void {
    [this.kept, this.mask, this.isChosen] = [kept, mask, isChosen];
  }

  /** Grows, or says why not. */
  grow(cap: number, nodeIds: readonly number[]): Refusal | undefined {
    if (cap < this.current.cap) return "CapWouldShrink";
    const seats = [...this.current.seats];
    const came: [number, number][] = [];
    for (const nodeId of nodeIds) {
      if (seats.includes(nodeId)) return "NodeSeatedTwice";
      const seat = seats.findIndex((sitting, i) => i > 0 && sitting === 0);
      if (seat === -1) return "NoEmptySeat";
      seats[seat] = nodeId;
      came.push([seat, nodeId]);
    }
    this.current = { seats, cap, fromEpoch: this.epoch };
    if (this.next) {
      const later = [...this.next.seats];
      for (const [seat, nodeId] of came) {
        if (later[seat] === 0 && !later.includes(nodeId)) later[seat] = nodeId;
      }
      this.next = { ...this.next, seats: later, cap: Math.max(cap, this.next.cap) };
    }
    this.kept = Math.max(this.kept, this.newest.seats.findLastIndex((id) => id !== 0) + 1);
    return undefined;
  }
}

type Step =
  | { do: "grow"; more: number; nodeIds: number[] }
  | { do: "setReplicas"; nodeIds: number[] }
  | { do: "setBudget"; cap: number }
  | { do: "leaveSeats"; nodeId: number }
  | { do: "assignReplicas"; count: number }
  | { do: "refill" }
  | { do: "setRefill"; mask: number }
  | { do: "next"; ahead: number };

const someNodes = (constraints: { minLength: number; maxLength: number }) =>
  fc.shuffledSubarray(NODES, constraints);
const cap = fc.integer({ min: BASE, max: 9 * CAP });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("grow" as const),
      // Now and then lower than the cap that stands.
      more: fc.oneof(
        { weight: 4, arbitrary: fc.constant(0) },
        { weight: 4, arbitrary: fc.integer({ min: 1, max: CAP }) },
        { weight: 1, arbitrary: fc.integer({ min: -CAP, max: -1 }) },
      ),
      nodeIds: someNodes({ minLength: 0, maxLength: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("setReplicas" as const),
      nodeIds: someNodes({ minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("setBudget" as const), cap }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("leaveSeats" as const),
      nodeId: fc.integer({ min: 1, max: NODES.length }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("assignReplicas" as const),
      count: fc.integer({ min: 1, max: SEATS }),
    }),
  },
  { weight: 9, arbitrary: fc.record({ do: fc.constant("refill" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("setRefill" as const),
      mask: fc.constantFrom(0, ALL_REGIONS, ALL_REGIONS),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("next" as const), ahead: fc.integer({ min: 1, max: 2 }) }),
  },
);

/** Nine nodes that live for 30 epochs and take everything; project 1 with credit for anything here. */
async function withMany() {
  const t = await withProject();
  for (let i = 0; i < 4; i++) await registerNode(t);
  await fund(t, PROJECT, 100_000n * USD);
  await t.projects.write.setRefill([PROJECT, ALL_REGIONS, true], by(t.owner));
  await nextEpoch(t);
  for (const nodeId of NODES) await setPresence(t, nodeId, (await currentEpoch(t)) + 30);
  await nextEpoch(t);
  return t;
}

/** The epoch of the next transactions: one that is nearly over is waited out. */
async function epochOf(t: ProjectNetwork): Promise<number> {
  const { genesis, epochSeconds } = t.network;
  const into = ((await networkHelpers.time.latest()) - Date.parse(genesis) / 1000) % epochSeconds;
  return into < epochSeconds - 4 ? currentEpoch(t) : nextEpoch(t);
}

const [FROM, LENGTH] = [4, 18];

describe("ProjectRegistry.grow, among all that changes terms", () => {
  it("leaves every epoch's terms as the rules have them, one word an epoch", async () => {
    const seen = new Map<string, number>();
    const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: FROM, maxLength: LENGTH }), async (steps) => {
        const t = await load(withMany);
        const first = await t.lens.read.projectOf([PROJECT]);
        const began = first.fromEpoch;
        const reference = new Reference({ seats: eight([1, 2, 3]), cap: CAP, fromEpoch: began }, began);
        for (const step of steps) {
          reference.moveTo(await epochOf(t));
          await take(t, reference, step, count);
        }
        reference.moveTo(await currentEpoch(t));

        const words = new Set<number>();
        for (let epoch = began; epoch <= reference.epoch + 2; epoch++) {
          const [nodeIds, cap, fromEpoch] = await t.projects.read.termsAt([PROJECT, epoch]);
          words.add(fromEpoch);
          const terms = { seats: eight(nodeIds), cap, fromEpoch };
          assert.deepEqual(terms, reference.at(epoch), `epoch ${epoch} of ${reference.epoch}`);
        }
        assert.equal(
          await pastTermsOf(t, PROJECT),
          words.size - 1,
          "a word more than epochs that began by one",
        );
        const { seats, regionMask, refillIsChosen } = await t.lens.read.projectOf([PROJECT]);
        assert.deepEqual(
          [seats, regionMask, refillIsChosen],
          [reference.kept, reference.mask, reference.isChosen],
        );
      }),
      { numRuns: 40 },
    );
    for (const what of ["grow", "grow, next set", "CapWouldShrink", "NodeSeatedTwice", "refill"]) {
      assert.ok((seen.get(what) ?? 0) > 0, `${what}: ${JSON.stringify([...seen])}`);
    }
  });
});

async function take(
  t: ProjectNetwork,
  reference: Reference,
  step: Step,
  count: (what: string) => void,
): Promise<void> {
  const { projects } = t;
  const owner = by(t.owner);
  switch (step.do) {
    case "next":
      reference.moveTo(await nextEpoch(t, step.ahead));
      return;
    case "setBudget":
      await projects.write.setBudget([PROJECT, step.cap], owner);
      reference.set({ cap: step.cap });
      return;
    case "setReplicas":
      await projects.write.setReplicas([PROJECT, step.nodeIds], owner);
      reference.set({ seats: eight(step.nodeIds) });
      reference.setRule(step.nodeIds.length, reference.isChosen ? reference.mask : 0, reference.isChosen);
      return;
    case "setRefill":
      await projects.write.setRefill([PROJECT, step.mask, true], owner);
      reference.setRule(reference.kept, step.mask, true);
      return;
    case "leaveSeats": {
      await projects.write.leaveSeats([[PROJECT], step.nodeId], by(t.nodeOwner1));
      const { seats } = reference.newest;
      if (seats.includes(step.nodeId)) {
        reference.set({ seats: seats.map((id) => (id === step.nodeId ? 0 : id)) });
      }
      return;
    }
    case "assignReplicas": {
      const sent = projects.write.assignReplicas([PROJECT, step.count, ALL_REGIONS], owner);
      const seats = await seatsTold(t, await sent);
      const [home] = reference.newest.seats;
      if (home) assert.equal(seats[0], home);
      assert.equal(seats.filter((id) => id !== 0).length, step.count);
      reference.set({ seats });
      reference.setRule(step.count, ALL_REGIONS, false);
      return;
    }
    case "refill":
      await refill(t, reference, count);
      return;
    case "grow": {
      const [cap, wasSet] = [reference.current.cap + step.more, reference.next !== undefined];
      const call = projects.write.grow([PROJECT, Math.max(0, cap), step.nodeIds], owner);
      const refusal = reference.grow(cap, step.nodeIds);
      if (refusal === undefined) await call;
      else await assertions.revertWithCustomError(call, projects, refusal);
      count(refusal ?? (wasSet ? "grow, next set" : "grow"));
    }
  }
}

async function refill(t: ProjectNetwork, reference: Reference, count: (what: string) => void) {
  const before = reference.newest.seats;
  const vacant = before.flatMap((id, seat) => (id === 0 && seat > 0 && seat < reference.kept ? [seat] : []));
  const call = t.projects.write.refill([PROJECT], by(t.stranger));
  const free = NODES.filter((nodeId) => !before.includes(nodeId));
  if (vacant.length === 0) {
    await assertions.revertWithCustomError(call, t.projects, "NothingToRefill");
  } else if (reference.mask === 0) {
    await assertions.revertWithCustomError(call, t.nodes, "RegionMaskOutOfRange");
  } else {
    const seats = await seatsTold(t, await call);
    const filled = seats.flatMap((id, seat) => (id === before[seat] ? [] : [seat]));
    assert.ok(filled.every((seat) => vacant.includes(seat) && free.includes(seats[seat] ?? 0)));
    assert.equal(filled.length, Math.min(vacant.length, free.length));
    reference.set({ seats });
    count("refill");
  }
}

/** The seats that a transaction told of: whom a draw gives, only the chain knows. */
async function seatsTold(t: ProjectNetwork, sent: `0x${string}`): Promise<number[]> {
  const set = (await eventsOf(t, sent)).find((event) => event.eventName === "TermsSet");
  assert.ok(set && "nodeIds" in set);
  return eight(set.nodeIds);
}
