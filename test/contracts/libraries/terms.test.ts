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
/** As a draw or an owner names them: none is 0. */
const named = fc.record({
  nodeIds: fc.array(
    nodeId.filter((id) => id !== 0),
    { maxLength: 8 },
  ),
  cap,
  fromEpoch: epoch,
});

describe("Terms", () => {
  let call: CallLibrary;
  before(async () => {
    call = await deployLibraries();
  });

  it("packs seats, cap and epoch into one word, and refuses a node in two seats", async () => {
    let [packed, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(named, async (terms) => {
        const twice = isTwice(terms);
        const expected =
          twice === undefined ? { returned: wordOf(terms) } : { error: "NodeSeatedTwice", args: [twice] };
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
        const expected = { error: "NodeSeatedTwice", args: [11 + first] };
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

  it("adds nodes to the first empty seats from a seat on, and says when there is no room", async () => {
    const kinds = new Set<string>();
    const ids = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 8 });
    const start = fc.record({
      nodeIds: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 }),
      cap,
      fromEpoch: epoch,
    });
    await fc.assert(
      fc.asyncProperty(
        start.filter((terms) => isTwice(terms) === undefined),
        ids,
        fc.nat(1),
        async (terms, more, seat) => {
          const seats = [...terms.nodeIds];
          let expected: Outcome | undefined;
          for (const id of more) {
            const empty = seats.findIndex((sitting, i) => i >= seat && sitting === 0);
            if (seats.includes(id)) expected = { error: "NodeSeatedTwice", args: [id] };
            else if (empty === -1) expected = { returned: [wordOf({ ...terms, nodeIds: seats }), false] };
            else seats[empty] = id;
            if (expected) break;
          }
          expected ??= { returned: [wordOf({ ...terms, nodeIds: seats }), true] };
          assert.deepEqual(await call("addSeats", wordOf(terms), more, seat), expected);
          kinds.add("error" in expected ? "twice" : JSON.stringify((expected.returned as unknown[])[1]));
        },
      ),
      { numRuns: 500 },
    );
    assert.equal(kinds.size, 3, [...kinds].join());
  });

  it("gives later terms what grew: a cap that is higher, and new nodes where their seats are empty", async () => {
    const some = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 24 }));
    const few = fc.array(some, { minLength: 8, maxLength: 8 });
    const small = fc.integer({ min: 1, max: 9 });
    const terms = fc
      .record({ nodeIds: few, cap: small, fromEpoch: epoch })
      .filter((terms) => isTwice(terms) === undefined);
    let added = 0;
    await fc.assert(
      fc.asyncProperty(terms, terms, terms, async (next, current, more) => {
        const grown = {
          ...current,
          cap: current.cap + more.cap,
          nodeIds: current.nodeIds.map((id, seat) => {
            const new_ = more.nodeIds[seat] ?? 0;
            return seat === 0 || id !== 0 || current.nodeIds.includes(new_) ? id : new_;
          }),
        };
        const seats = [...next.nodeIds];
        for (const [seat, id] of grown.nodeIds.entries()) {
          const isNew = id !== 0 && current.nodeIds[seat] === 0;
          if (!isNew || seats[seat] !== 0 || seats.includes(id)) continue;
          seats[seat] = id;
          added++;
        }
        const expected = { ...next, cap: Math.max(next.cap, grown.cap), nodeIds: seats };
        assert.deepEqual(await call("growTerms", wordOf(next), wordOf(current), wordOf(grown)), {
          returned: wordOf(expected),
        });
      }),
      { numRuns: 500 },
    );
    assert.ok(added > 100, `${added} nodes came`);
  });

  it("takes terms apart: what came to them, and what is left without seats", async () => {
    await fc.assert(
      fc.asyncProperty(seatable, fc.nat(255), async (terms, kept) => {
        const seats = Array.from({ length: 8 }, (_, seat) => terms.nodeIds[seat] ?? 0);
        const isKept = (seat: number) => (kept >> seat) % 2 === 1;
        const before = { cap: 7, fromEpoch: 9, nodeIds: seats.map((id, seat) => (isKept(seat) ? id : 0)) };
        const beyond = { ...terms, nodeIds: seats.map((id, seat) => (isKept(seat) ? 0 : id)) };
        assert.deepEqual(await call("splitTerms", wordOf(terms), wordOf(before)), {
          returned: [wordOf(beyond), wordOf({ ...terms, nodeIds: [] })],
        });
      }),
      { numRuns: 300 },
    );
  });
});
