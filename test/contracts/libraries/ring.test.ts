import assert from "node:assert/strict";
import fc from "fast-check";
import { type CallLibrary, deployLibraries } from "../support/libraries.ts";

/** Epochs that a ring remembers. */
const SPAN = 28;

/** A ring without packing: the seats of every epoch there ever was, and the newest epoch. */
class Model {
  readonly #seats = new Map<number, Set<number>>();
  newest: number;

  constructor(epoch: number) {
    this.newest = epoch;
  }

  mark(epoch: number, seat: number): void {
    this.newest = Math.max(this.newest, epoch);
    this.#seats.set(epoch, (this.#seats.get(epoch) ?? new Set()).add(seat));
  }

  unmark(epoch: number, seat: number): void {
    this.#seats.get(epoch)?.delete(seat);
  }

  /** A bit for each seat; what is forgotten reads as counted, what is to come as not. */
  counted(epoch: number): bigint {
    if (epoch > this.newest) return 0n;
    if (epoch <= this.newest - SPAN) return 0xffn;
    return [...(this.#seats.get(epoch) ?? [])].reduce((bits, seat) => bits | (1n << BigInt(seat)), 0n);
  }
}

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("ahead" as const),
      by: fc.integer({ min: 1, max: 60 }),
      seat: fc.nat(7),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("ahead" as const),
      by: fc.integer({ min: 1, max: 3 }),
      seat: fc.nat(7),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("mark" as const), by: fc.nat(SPAN - 1), seat: fc.nat(7) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("unmark" as const), by: fc.nat(SPAN - 1), seat: fc.nat(7) }),
  },
);
const start = fc.oneof(fc.nat(60), fc.integer({ min: 0, max: 2 ** 32 - 10_000 }));

describe("Ring", () => {
  let call: CallLibrary;
  before(async () => {
    call = await deployLibraries();
  });

  const returned = async (name: string, ...args: unknown[]): Promise<bigint> => {
    const outcome = await call(name, ...args);
    assert.ok("returned" in outcome, `${name} was refused`);
    return BigInt(outcome.returned as bigint);
  };

  async function agrees(ring: bigint, model: Model): Promise<void> {
    assert.equal(ring % 2n ** 32n, BigInt(model.newest));
    const first = Math.max(0, model.newest - SPAN - 8);
    const epochs = Array.from({ length: model.newest + 5 - first }, (_, i) => first + i);
    const counted = await Promise.all(epochs.map((epoch) => returned("countedSeats", ring, epoch)));
    assert.deepEqual(
      counted,
      epochs.map((epoch) => model.counted(epoch)),
      `around ${model.newest}`,
    );
  }

  it("opens with nothing counted in the epochs it remembers", async () => {
    for (const epoch of [0, 1, 27, 28, 29, 1_000_003]) {
      await agrees(await returned("openRing", epoch), new Model(epoch));
    }
  });

  it("remembers 28 epochs through hundreds of them, in steps and in leaps", async () => {
    await fc.assert(
      fc.asyncProperty(start, fc.array(step, { minLength: 40, maxLength: 60 }), async (epoch, steps) => {
        const model = new Model(epoch);
        let ring = await returned("openRing", epoch);
        for (const [i, { kind, by, seat }] of steps.entries()) {
          const at = Math.max(0, kind === "ahead" ? model.newest + by : model.newest - by);
          if (kind === "unmark") model.unmark(at, seat);
          else model.mark(at, seat);
          ring = await returned(kind === "unmark" ? "unmarkRing" : "markRing", ring, at, seat);
          if (i % 4 === 0 || i === steps.length - 1) await agrees(ring, model);
        }
      }),
      { numRuns: 10 },
    );
  });

  it("forgets exactly what it passes, from every place and by every distance", async () => {
    for (let place = 0; place < SPAN; place += 3) {
      const newest = 1_000 * SPAN + place;
      const model = new Model(newest);
      let full = await returned("openRing", newest);
      for (let epoch = newest - SPAN + 1; epoch <= newest; epoch++) {
        model.mark(epoch, 0);
        model.mark(epoch, 7);
        full = await returned("markRing", await returned("markRing", full, epoch, 0), epoch, 7);
      }
      await agrees(full, model);
      for (const distance of [1, 2, 13, 26, 27, 28, 29, 60]) {
        const ring = await returned("markRing", full, newest + distance, 3);
        const epochs = Array.from({ length: SPAN }, (_, i) => newest + distance - SPAN + 1 + i);
        const counted = await Promise.all(epochs.map((epoch) => returned("countedSeats", ring, epoch)));
        assert.deepEqual(
          counted,
          epochs.map((epoch) => (epoch <= newest ? 0x81n : epoch === newest + distance ? 0x08n : 0n)),
          `${distance} from place ${place}`,
        );
      }
    }
  });

  it("takes a mark back without touching those beside it", async () => {
    const model = new Model(100);
    let ring = await returned("openRing", 100);
    for (const epoch of [99, 100, 101]) {
      for (const seat of [2, 3, 4]) {
        model.mark(epoch, seat);
        ring = await returned("markRing", ring, epoch, seat);
      }
    }
    model.unmark(100, 3);
    ring = await returned("unmarkRing", ring, 100, 3);
    await agrees(ring, model);
    assert.equal(await returned("unmarkRing", ring, 100, 3), ring);
  });
});
