import assert from "node:assert/strict";
import type { Booked, Entry } from "../facts/topics.ts";
import { emptyRecord, recordWith, versionOf } from "./chainProject.ts";

type Said = Entry<"version" | "active" | "split">;

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
