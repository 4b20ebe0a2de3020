import assert from "node:assert/strict";
import fc from "fast-check";
import { throwsCode } from "../testing/throwsCode.ts";
import {
  nodeAt,
  packTerms,
  SEATS,
  seatBits,
  seatOf,
  type Terms,
  unpackTerms,
  withCap,
  withFromEpoch,
  withSeat,
} from "./terms.ts";

const nodeId = fc.integer({ min: 1, max: 2 ** 24 - 1 });
const terms: fc.Arbitrary<Terms> = fc.record(
  {
    nodeIds: fc
      .uniqueArray(nodeId, { maxLength: SEATS })
      .chain((ids) => fc.tuple(...ids.map((id) => fc.constantFrom(id, 0)))),
    cap: fc.bigInt({ min: 0n, max: (1n << 40n) - 1n }),
    fromEpoch: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
  },
  { noNullPrototype: true },
);

describe("terms", () => {
  it("one word holds seats, cap and epoch", () =>
    assert.equal(
      packTerms({ nodeIds: [1, 0, 3], cap: 5n, fromEpoch: 7 }),
      1n | (3n << 48n) | (5n << 192n) | (7n << 232n),
    ));

  it("what was packed is read back, without the empty seats at the end", () =>
    fc.assert(
      fc.property(terms, (given) => {
        const word = packTerms(given);
        const length = given.nodeIds.findLastIndex((id) => id !== 0) + 1;
        assert.deepEqual(unpackTerms(word), { ...given, nodeIds: given.nodeIds.slice(0, length) });
        given.nodeIds.forEach((id, seat) => {
          assert.equal(nodeAt(word, seat), id);
          if (id !== 0) assert.equal(seatOf(word, id), seat);
          assert.equal((seatBits(word) >> seat) & 1, id === 0 ? 0 : 1);
        });
      }),
    ));

  it("a change touches its own field only", () =>
    fc.assert(
      fc.property(terms, fc.integer({ min: 0, max: SEATS - 1 }), (given, seat) => {
        const word = packTerms(given);
        const changed = withFromEpoch(withCap(withSeat(word, seat, 0xffffff), 9n), 8);
        assert.equal(nodeAt(changed, seat), 0xffffff);
        assert.equal(unpackTerms(changed).cap, 9n);
        assert.equal(unpackTerms(changed).fromEpoch, 8);
        const back = withFromEpoch(
          withCap(withSeat(changed, seat, nodeAt(word, seat)), given.cap),
          given.fromEpoch,
        );
        assert.equal(back, word);
      }),
    ));

  it("nobody sits in the seat of node 0", () =>
    assert.equal(seatOf(packTerms({ nodeIds: [0, 2], cap: 1n, fromEpoch: 0 }), 0), undefined));
  it("a node without a seat has none", () =>
    assert.equal(seatOf(packTerms({ nodeIds: [1, 2], cap: 1n, fromEpoch: 0 }), 3), undefined));
  it("the zero word is no terms", () =>
    assert.deepEqual(unpackTerms(0n), { nodeIds: [], cap: 0n, fromEpoch: 0 }));

  it("refuses a node in two seats, more than 8 seats, and numbers that do not fit", () => {
    const rest = { cap: 1n, fromEpoch: 0 };
    assert.equal(
      throwsCode(() => packTerms({ nodeIds: [4, 0, 4], ...rest }), "NODE_SEATED_TWICE").value,
      "4",
    );
    throwsCode(() => packTerms({ nodeIds: [1, 2, 3, 4, 5, 6, 7, 8, 9], ...rest }), "SEAT_COUNT_OUT_OF_RANGE");
    throwsCode(() => packTerms({ nodeIds: [2 ** 24], ...rest }), "OUT_OF_RANGE");
    throwsCode(() => packTerms({ nodeIds: [1], cap: 1n << 40n, fromEpoch: 0 }), "OUT_OF_RANGE");
    throwsCode(() => withCap(0n, -1n), "OUT_OF_RANGE");
  });
});
