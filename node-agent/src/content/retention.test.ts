import assert from "node:assert/strict";
import {
  type ContentUse,
  decideRetention,
  type HeldContent,
  type RetentionParameters,
  roomOf,
} from "./retention.ts";

const HOUR_MS = 3_600_000;
const nowMs = 1_700_000_000_000;
const limits = { graceMs: 24 * HOUR_MS, totalBytes: 1_000, projectBytes: 100 };

/** A content of 10 bytes that one version of project 1 names, unless it says otherwise. */
function held(
  cid: string,
  {
    bytes = 10,
    unwantedMs,
    isAhead = false,
    isInUse = false,
    ...use
  }: Partial<HeldContent & ContentUse> = {},
): HeldContent {
  const usual = { projectId: 1n, version: 1, isServed: true, isRouted: false, wasActive: true, newer: 0 };
  const { uses = [{ ...usual, ...use }] } = use;
  return { cid, bytes, unwantedMs, isAhead, isInUse, uses };
}
const decide = (contents: HeldContent[], changes: Partial<RetentionParameters> = {}) =>
  decideRetention({ held: contents, limits, nowMs, finalMs: nowMs - 60_000, ...changes });
const long = nowMs - 25 * HOUR_MS;
const short = nowMs - 2 * HOUR_MS;

describe("what is kept of what lies on the disk", () => {
  const table: [rule: string, content: HeldContent, isDropped: boolean][] = [
    ["the active version and that of a split, however old", held("a", { isRouted: true, newer: 70 }), false],
    ["the last five versions that were active", held("a", { newer: 4 }), false],
    ["nothing older than those, after its grace", held("a", { newer: 5, unwantedMs: long }), true],
    ["the newest three versions that never were", held("a", { wasActive: false, newer: 2 }), false],
    [
      "no fourth of those, without any grace",
      held("a", { wasActive: false, newer: 3, unwantedMs: nowMs - 61_000 }),
      true,
    ],
    [
      "a fourth of those that a split sends visitors to",
      held("a", { wasActive: false, isRouted: true, newer: 3, unwantedMs: long }),
      false,
    ],
    ["what is older for its grace", held("a", { newer: 5, unwantedMs: short }), false],
    [
      "nothing of a project without a seat here",
      held("a", { isServed: false, isRouted: true, unwantedMs: long }),
      true,
    ],
    ["that too for its grace", held("a", { isServed: false, isRouted: true, unwantedMs: short }), false],
    ["nothing that no project names", held("a", { uses: [], unwantedMs: long }), true],
    ["what waits for its version", held("a", { uses: [], isAhead: true, unwantedMs: long }), false],
    [
      "what visitors still get while the version after it is not here",
      held("a", { newer: 9, isInUse: true, unwantedMs: long }),
      false,
    ],
    ["what is wanted again, whatever was noted", held("a", { unwantedMs: long }), false],
  ];
  for (const [rule, content, isDropped] of table)
    it(rule, () => assert.deepEqual(decide([content]).drop, isDropped ? ["a"] : []));

  it("what one project dropped another may want", () => {
    const use = { version: 1, isServed: true, isRouted: false, wasActive: true, newer: 9 };
    const uses = [
      { ...use, projectId: 1n },
      { ...use, projectId: 2n, isRouted: true },
    ];
    assert.deepEqual(decide([held("a", { uses, unwantedMs: long })]).drop, []);
  });

  it("notes since when nothing wants a content, once, and forgets it when something does", () => {
    const { changed } = decide([
      held("new", { newer: 5 }),
      held("known", { newer: 5, unwantedMs: short }),
      held("again", { unwantedMs: short }),
      held("kept"),
    ]);
    assert.deepEqual(
      [...changed],
      [
        ["new", nowMs],
        ["again", undefined],
      ],
    );
  });

  it("drops nothing while the ledger is behind, or no final block says that it may", () => {
    const contents = [held("a", { newer: 5, unwantedMs: long }), held("b", { uses: [], unwantedMs: long })];
    assert.deepEqual(decide(contents, { finalMs: undefined }).drop, []);
    assert.deepEqual(decide(contents, { finalMs: long - 1 }).drop, []);
    assert.deepEqual(decide(contents, { finalMs: long }).drop, ["a", "b"]);
  });

  it("proposals take no room from what a rollback needs, however many and however large", () => {
    const were = [9, 8, 7, 6, 5].map((version, newer) => held(`v${version}`, { version, newer, bytes: 18 }));
    const proposals = [14, 13, 12, 11, 10].map((version, newer) =>
      held(`p${version}`, { version, newer, bytes: 60, wasActive: false, unwantedMs: short }),
    );
    assert.deepEqual(decide([...proposals, ...were]).drop.toSorted(), ["p10", "p11", "p12", "p13", "p14"]);
  });

  it("beyond its project's share no version is kept but those in use, the newest first, and without grace", () => {
    const contents = [9, 8, 7, 6].map((version, newer) =>
      held(`v${version}`, { version, newer, bytes: 30, unwantedMs: short }),
    );
    const active = held("v2", { version: 2, newer: 7, bytes: 30, isRouted: true });
    assert.deepEqual(decide([...contents, active]).drop, ["v7", "v6"]);
    const large = held("v2", { version: 2, newer: 7, bytes: 150, isRouted: true });
    assert.deepEqual(decide([...contents, large]).drop, ["v9", "v8", "v7", "v6"]);
    assert.deepEqual(decide([...contents, large], { finalMs: short - 1 }).drop, [], "not before it is final");
  });

  it("where the node is over its limit, what is longest unwanted goes first, and no more than has to", () => {
    const contents = [1, 2, 3].map((hours) =>
      held(`h${hours}`, { uses: [], bytes: 300, unwantedMs: nowMs - hours * HOUR_MS }),
    );
    assert.deepEqual(decide([...contents, held("kept", { bytes: 90 })]).drop, []);
    assert.deepEqual(
      decide([...contents, held("kept", { bytes: 99 }), held("more", { bytes: 50, projectId: 2n })]).drop,
      ["h3"],
    );
  });

  it("where the node is over its limit, nothing goes that is wanted", () => {
    const contents = Array.from({ length: 20 }, (_, i) =>
      held(`p${i}`, { projectId: BigInt(i), bytes: 90, isRouted: true }),
    );
    assert.deepEqual(decide(contents).drop, []);
  });
});

describe("the room for more of a project", () => {
  const room = (contents: HeldContent[]) => roomOf(1n, contents, limits);

  it("is its share, less what visitors are sent to and what waits for its version", () => {
    assert.deepEqual(room([]), { bytes: 100, short: "project" });
    assert.deepEqual(room([held("a", { isRouted: true }), held("b", { isAhead: true }), held("c")]), {
      bytes: 80,
      short: "project",
    });
    assert.deepEqual(room([held("a", { projectId: 2n, isRouted: true })]), { bytes: 100, short: "project" });
  });

  it("ends at twice its share while old versions wait to be dropped", () => {
    const old = [1, 2, 3].map((version) => held(`v${version}`, { version, bytes: 60 }));
    assert.deepEqual(room(old), { bytes: 20, short: "project" });
    assert.deepEqual(room([...old, held("v4", { version: 4, bytes: 60 })]), { bytes: 0, short: "project" });
  });

  it("ends where the node's does", () => {
    const others = [2n, 3n].map((projectId) => held(`p${projectId}`, { projectId, bytes: 480 }));
    assert.deepEqual(room(others), { bytes: 40, short: "node" });
  });
});
