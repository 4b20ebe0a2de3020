import assert from "node:assert/strict";
import fc from "fast-check";
import {
  countedSeats,
  isSeatCounted,
  lastOfRing,
  markRing,
  openRing,
  RING_SPAN,
  unmarkRing,
} from "./ring.ts";

const seat = fc.integer({ min: 0, max: 7 });

describe("ring", () => {
  it("counts nothing when it opens", () => {
    const ring = openRing(100);
    assert.equal(lastOfRing(ring), 100);
    assert.equal(countedSeats(ring, 100), 0);
    assert.equal(countedSeats(ring, 101), 0);
  });

  it("remembers exactly the last 28 epochs, whatever was marked before", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.array(fc.tuple(fc.integer({ min: -7, max: 60 }), seat), { maxLength: 60 }),
        (begin, marks) => {
          let ring = openRing(begin);
          const counted = new Map<number, number>();
          for (const [step, at] of marks) {
            // As a submission: at most 7 epochs behind the newest, or any number ahead.
            const epoch = Math.max(0, lastOfRing(ring) + step);
            ring = markRing(ring, epoch, at);
            counted.set(epoch, (counted.get(epoch) ?? 0) | (1 << at));
          }
          const newest = lastOfRing(ring);
          for (let epoch = Math.max(0, newest - RING_SPAN + 1); epoch <= newest; epoch++) {
            assert.equal(countedSeats(ring, epoch), counted.get(epoch) ?? 0);
          }
        },
      ),
    ));

  it("what it has forgotten reads as counted, so that nothing counts twice", () => {
    const ring = markRing(openRing(0), 40, 0);
    assert.equal(countedSeats(ring, 12), 0xff);
    assert.equal(countedSeats(ring, 13), 0);
  });

  it("a mark is taken back without a trace on others", () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000 }), seat, seat, (epoch, a, b) => {
        const one = markRing(openRing(epoch), epoch, a);
        const both = markRing(one, epoch, b);
        assert.equal(unmarkRing(both, epoch, b), a === b ? openRing(epoch) : one);
        assert.equal(isSeatCounted(unmarkRing(both, epoch, b), epoch, b), false);
      }),
    ));
});
