import assert from "node:assert/strict";
import fc from "fast-check";
import { type CallLibrary, deployLibraries, type Outcome } from "../support/libraries.ts";

interface Terms {
  nodeIds: number[];
  cap: number;
  fromEpoch: number;
}

/** `seats 8 x 24 | cap 40 | fromEpoch 24`, from the low bits up. */
const wordOf = ({ nodeIds, cap, fromEpoch }: Terms): bigint =>
  nodeIds.reduce((word, nodeId, seat) => word + BigInt(nodeId) * 2n ** BigInt(24 * seat), 0n) +
  BigInt(cap) * 2n ** 192n +
  BigInt(fromEpoch) * 2n ** 232n;

const withoutEmptyEnd = (nodeIds: number[]) => nodeIds.slice(0, nodeIds.findLastIndex((id) => id !== 0) + 1);

/** What `readTerms` has to say about `nodeId`. */
const reading = ({ nodeIds, cap, fromEpoch }: Terms, nodeId: number): Outcome => {
  const seat = nodeId === 0 ? -1 : nodeIds.indexOf(nodeId);
  const taken = nodeIds.flatMap((id, seat) => (id === 0 ? [] : [seat]));
  return {
    returned: [
      withoutEmptyEnd(nodeIds),
      BigInt(cap),
      BigInt(fromEpoch),
      BigInt(seat === -1 ? 8 : seat),
      BigInt(taken.length),
      taken.reduce((bits, seat) => bits | (1n << BigInt(seat)), 0n),
    ],
  };
};

const MOST_ID = 2 ** 24 - 1;
const nodeId = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 1, max: MOST_ID }),
  fc.constant(MOST_ID),
);
const cap = fc.oneof(fc.constantFrom(0, 1, 2 ** 40 - 1), fc.integer({ min: 0, max: 2 ** 40 - 1 }));
const epoch = fc.oneof(fc.constantFrom(0, 1, 2 ** 24 - 1), fc.integer({ min: 0, max: 2 ** 24 - 1 }));
const anyTerms = fc.record({ nodeIds: fc.array(nodeId, { maxLength: 8 }), cap, fromEpoch: epoch });

const isTwice = ({ nodeIds }: Terms) => nodeIds.find((id, seat) => id !== 0 && nodeIds.indexOf(id) < seat);
const seatable = anyTerms.filter((terms) => isTwice(terms) === undefined);

describe("Terms", () => {
  let call: CallLibrary;
  before(async () => {
    call = await deployLibraries();
  });

  it("packs seats, cap and epoch into one word, and refuses a node in two seats", async () => {
    let [packed, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(anyTerms, async (terms) => {
        const twice = isTwice(terms);
        const expected =
          twice === undefined ? { returned: wordOf(terms) } : { error: "SeatTwice", args: [twice] };
        assert.deepEqual(await call("packTerms", terms.nodeIds, terms.cap, terms.fromEpoch), expected);
        if (twice === undefined) packed++;
        else refused++;
      }),
      { numRuns: 600 },
    );
    assert.ok(packed > 50 && refused > 50, `${packed} packed, ${refused} refused`);
  });

  it("finds a node in two seats, whichever two they are", async () => {
    for (let first = 0; first < 8; first++) {
      for (let second = first + 1; second < 8; second++) {
        const nodeIds = [11, 12, 13, 14, 15, 16, 17, 18].with(second, 11 + first);
        const expected = { error: "SeatTwice", args: [11 + first] };
        assert.deepEqual(await call("packTerms", nodeIds, 1, 1), expected, `${first} and ${second}`);
      }
    }
  });

  it("reads back what was packed, and says who sits where", async () => {
    await fc.assert(
      fc.asyncProperty(seatable, nodeId, fc.nat(7), async (terms, another, seat) => {
        for (const asked of [another, terms.nodeIds[seat] ?? 0]) {
          assert.deepEqual(await call("readTerms", wordOf(terms), asked), reading(terms, asked));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("finds no seat for an id that only ends in 24 bits like a node's", async () => {
    const terms = { nodeIds: [5, 6], cap: 1, fromEpoch: 1 };
    assert.deepEqual(await call("readTerms", wordOf(terms), 2 ** 24 + 5), reading(terms, 2 ** 24 + 5));
  });

  it("changes a seat, the cap and the epoch, and nothing beside them", async () => {
    await fc.assert(
      fc.asyncProperty(
        seatable,
        fc.nat(7),
        nodeId,
        cap,
        epoch,
        async ({ nodeIds, ...rest }, seat, newId, newCap, newEpoch) => {
          const seats = Array.from({ length: 8 }, (_, i) => nodeIds[i] ?? 0);
          const changed = { nodeIds: seats.with(seat, newId), cap: newCap, fromEpoch: newEpoch };
          const word = wordOf({ nodeIds, ...rest });
          assert.deepEqual(await call("changeTerms", word, seat, newId, newCap, newEpoch), {
            returned: wordOf(changed),
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is zero for no terms", async () => {
    assert.deepEqual(await call("packTerms", [], 0, 0), { returned: 0n });
    assert.deepEqual(await call("readTerms", 0n, 1), { returned: [[], 0n, 0n, 8n, 0n, 0n] });
  });
});
