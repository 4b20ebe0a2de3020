import assert from "node:assert/strict";
import type { Booked, Entry } from "../facts/topics.ts";
import { type ChainTerms, emptyRecord, recordWith, seatIn, termsAsOf, versionOf } from "./chainProject.ts";

type Said = Entry<"version" | "active" | "split" | "proposed" | "credit" | "delegate">;

/** What a chain said, one block after the other. */
function said(...entries: readonly Said[]): Booked[] {
  return entries.map((entry, index) => ({ ...entry, block: BigInt(index), logIndex: 0 }));
}
const version = (number: number, live: boolean): Said => {
  return { topic: "version", id: 7n, key: number, value: { version: number, cid: `cid${number}`, live } };
};
const split = (bps: number): Said => {
  return { topic: "split", id: 7n, key: undefined, value: { version: bps === 0 ? 0 : 2, bps } };
};
const active = (number: number): Said => {
  return { topic: "active", id: 7n, key: undefined, value: { version: number } };
};

describe("what the chain says of a project", () => {
  const cases: [string, Booked[], number, { version: number; bps: number } | undefined][] = [
    ["has no split at first", said(version(1, true), version(2, false)), 1, undefined],
    ["has a split", said(version(1, true), version(2, false), split(500)), 1, { version: 2, bps: 500 }],
    ["has none after 0 percent", said(version(1, true), version(2, false), split(0)), 1, undefined],
    [
      "has none after another version is activated",
      said(version(1, true), version(2, false), split(500), active(2)),
      2,
      undefined,
    ],
    [
      "has none after a live version",
      said(version(1, true), version(2, false), split(500), version(3, true)),
      3,
      undefined,
    ],
    [
      "has one that was set after an activation",
      said(version(1, true), version(2, false), active(1), split(500)),
      1,
      { version: 2, bps: 500 },
    ],
  ];
  for (const [name, facts, active, expected] of cases) {
    it(`a project ${name}`, () => {
      const { project } = recordWith(emptyRecord(7n), facts);
      assert.deepEqual([project.active, project.split], [active, expected]);
    });
  }
});

describe("the version under which visitors get a content", () => {
  const versions = ["a", "b", "a", "c", "b"].map((cid, index) => ({ version: index + 1, cid }));
  const of = (cid: string, about: { active: number; split?: { version: number; bps: number } }) =>
    versionOf({ ...emptyRecord(7n).project, versions, split: undefined, ...about }, cid);
  it("is the active one, that of a split, or the newest that has it", () => {
    assert.equal(of("a", { active: 1 }), 1);
    assert.equal(of("a", { active: 2 }), 3);
    assert.equal(of("b", { active: 1, split: { version: 2, bps: 10 } }), 2);
    assert.equal(of("b", { active: 1 }), 5);
    assert.equal(of("unknown", { active: 1 }), 0);
  });
});

describe("what the chain said of a project at any time", () => {
  const of = (...entries: readonly Said[]) => recordWith(emptyRecord(7n), said(...entries)).project;

  it("the versions that were ever active are known, by when they last became so", () => {
    const { activated, active: now } = of(
      version(1, true),
      version(2, true),
      version(3, false),
      version(4, true),
      active(2),
    );
    assert.deepEqual([activated, now], [[1, 4, 2], 2]);
  });

  it("a version that was proposed says by whom, whatever became of it since", () => {
    const by = "0x00000000000000000000000000000000000000C3";
    const proposed: Said = { topic: "proposed", id: 7n, key: 2, value: { version: 2, by } };
    assert.deepEqual(of(version(1, true), version(2, false), proposed, active(2)).versions, [
      { version: 1, cid: "cid1" },
      { version: 2, cid: "cid2", proposedBy: by },
    ]);
  });

  it("it has no credit before a deposit", () => {
    const credit: Said = { topic: "credit", id: 7n, key: undefined, value: { balance: 0n } };
    assert.deepEqual([of(version(1, true)).hasCredit, of(credit).hasCredit], [false, true]);
  });
});

describe("the seat of a node", () => {
  const terms = (fromEpoch: number, ...nodeIds: number[]): ChainTerms => ({ fromEpoch, nodeIds, cap: 1n });
  const seatOf = (all: ChainTerms[], epoch: number, retiredFrom?: number) =>
    seatIn(all, { nodeId: 7, epoch, retiredFrom });
  const given = [terms(3, 1), terms(5, 1, 7)];
  const taken = [terms(3, 1, 7), terms(5, 1)];
  const table: [rule: string, all: ChainTerms[], epoch: number, retiredFrom: number | undefined, string][] = [
    ["is none before its terms are near", given, 3, undefined, "none"],
    ["is prepared in the epoch before", given, 4, undefined, "prepares"],
    ["serves from the first epoch of its terms on", given, 5, undefined, "serves"],
    ["serves as long as no others count", given, 99, undefined, "serves"],
    ["serves until the epoch that takes it", taken, 4, undefined, "serves"],
    ["is none from then on", taken, 5, undefined, "none"],
    ["serves where both epochs give it one", [terms(3, 7), terms(5, 1, 7)], 4, undefined, "serves"],
    [
      "of terms that were set and taken back in one epoch is none",
      [terms(3, 1), terms(5, 1)],
      4,
      undefined,
      "none",
    ],
    [
      "of the epoch that runs serves at once",
      [terms(3, 1), terms(4, 1, 7), terms(5, 1)],
      4,
      undefined,
      "serves",
    ],
    ["is none where the node is retired", given, 5, 5, "none"],
    ["is not prepared for an epoch in which it is retired", given, 4, 5, "none"],
    ["serves until the node retires", given, 5, 6, "serves"],
  ];
  for (const [rule, all, epoch, retiredFrom, seat] of table)
    it(rule, () => assert.equal(seatOf(all, epoch, retiredFrom), seat));
});

describe("the terms of an epoch that grow while it runs", () => {
  it("hold as far as a block tells, whatever was set for the next epoch before", () => {
    const entry = (block: number, fromEpoch: number, cap: bigint, nodeIds: number[]): Booked<"terms"> => ({
      topic: "terms",
      id: 7n,
      key: fromEpoch,
      value: { fromEpoch, cap, nodeIds },
      block: BigInt(block),
      logIndex: 0,
    });
    const record = recordWith(emptyRecord(7n), [
      entry(1, 3, 1n, [1]),
      entry(2, 6, 1n, [2]),
      // Grown in epoch 5: first its own terms, then those of the next.
      entry(3, 5, 4n, [1, 7]),
      { ...entry(3, 6, 4n, [2, 7]), logIndex: 1 },
    ]);
    const at = (epoch: number, block: number) => termsAsOf(record, { epoch, block: BigInt(block) });
    assert.deepEqual(at(5, 2), { fromEpoch: 3, cap: 1n, nodeIds: [1] });
    assert.deepEqual(at(5, 3), { fromEpoch: 5, cap: 4n, nodeIds: [1, 7] });
    assert.deepEqual(at(6, 2), { fromEpoch: 6, cap: 1n, nodeIds: [2] });
    assert.deepEqual(at(6, 3), { fromEpoch: 6, cap: 4n, nodeIds: [2, 7] });
    assert.deepEqual(
      record.project.terms.map(({ fromEpoch }) => fromEpoch),
      [3, 5, 6],
    );
  });
});
