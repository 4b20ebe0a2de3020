import assert from "node:assert/strict";
import {
  memoryEvictions,
  RESIDENT_MS,
  type Use,
  useAt,
  usedAt,
  type WarmBounds,
  type WarmCell,
} from "./memoryEvictions.ts";

const NOW_MS = 10_000_000;

/** Of ten bytes, used last so many milliseconds ago, there for an hour. */
const cell = (
  id: string,
  idleMs: number,
  about: Partial<WarmCell<string>> & { ageMs?: number } = {},
): WarmCell<string> => ({
  id,
  bytes: 10,
  life: "warm",
  isBusy: false,
  lastActiveMs: NOW_MS - idleMs,
  sinceMs: NOW_MS - (about.ageMs ?? 3_600_000),
  use: 0,
  ...about,
});
const [OLD, OLDER, OLDEST] = [10_000, 20_000, 30_000];

type Bounds = Omit<WarmBounds, "nowMs">;
const cases: readonly [string, readonly WarmCell<string>[], Bounds, string[]][] = [
  ["nobody while all fit", [cell("a", OLDER), cell("b", OLD)], { warmBytes: 20 }, []],
  [
    "the least recently used first",
    [cell("b", OLDER), cell("a", OLDEST), cell("c", OLD)],
    { warmBytes: 20 },
    ["a"],
  ],
  [
    "as many as it takes",
    [cell("b", OLDER), cell("a", OLDEST), cell("c", OLD)],
    { warmBytes: 10 },
    ["a", "b"],
  ],
  [
    "for one more that is to come",
    [cell("b", OLD), cell("a", OLDER)],
    { warmBytes: 20, neededBytes: 5 },
    ["a"],
  ],
  [
    "never a busy one before an idle one",
    [cell("busy", OLDER, { isBusy: true }), cell("idle", OLD)],
    { warmBytes: 10 },
    ["idle"],
  ],
  [
    "busy ones when no idle one is left",
    [cell("new", 0, { isBusy: true }), cell("old", OLDER, { isBusy: true }), cell("idle", OLD)],
    { warmBytes: 10 },
    ["idle", "old"],
  ],
  [
    "not those that start, though they count",
    [cell("starting", OLDER, { life: "starting" }), cell("a", OLD)],
    { warmBytes: 10 },
    ["a"],
  ],
  [
    "nobody for those that go already",
    [cell("going", OLDER, { life: "draining" }), cell("a", OLD)],
    { warmBytes: 10 },
    [],
  ],
  [
    "one that is larger than all",
    [cell("huge", OLD, { bytes: 100 }), cell("a", OLDER)],
    { warmBytes: 50 },
    ["a", "huge"],
  ],
  [
    "one that is used seldom before one that is used often, though that rests for longer",
    [cell("often", OLDER, { use: 30 }), cell("once", OLD, { use: 1 })],
    { warmBytes: 10 },
    ["once"],
  ],
  [
    "nobody who is in use or has just come, for any number who want to come",
    [
      cell("in use", 100, { use: 30 }),
      cell("busy", OLDEST, { isBusy: true }),
      cell("new", 50, { ageMs: 50 }),
    ],
    { warmBytes: 30, neededBytes: 1_000 },
    [],
  ],
  [
    "what came with many and was not used again, for the next of them",
    [cell("in use", 100, { use: 30 }), cell("flood", RESIDENT_MS, { ageMs: RESIDENT_MS, use: 1 })],
    { warmBytes: 20, neededBytes: 1_000 },
    ["flood"],
  ],
  [
    "what was used once, and not what was used often and rests for a moment, for one who wants to come",
    [cell("often", 5_000, { use: 8 }), cell("once", 3_000, { use: 1 })],
    { warmBytes: 20, neededBytes: 20 },
    ["once"],
  ],
  [
    "the least used of those in use for who has waited for long, but nobody who has just come",
    [cell("much", 100, { use: 30 }), cell("less", 50, { use: 5 }), cell("new", 50, { ageMs: 50 })],
    { warmBytes: 30, neededBytes: 1_000, urgentBytes: 10 },
    ["less"],
  ],
  [
    "one in use that is there already, where what is there does not fit",
    [cell("in use", 100, { use: 30 }), cell("new", 50, { ageMs: 50 })],
    { warmBytes: 10 },
    ["new"],
  ],
];

describe("memory evictions", () => {
  for (const [name, cells, bounds, expected] of cases) {
    it(`takes ${name}`, () => {
      assert.deepEqual(memoryEvictions(cells, { ...bounds, nowMs: NOW_MS }), expected);
    });
  }

  it("go by how much was used lately: a second of use counts once, and half after a minute", () => {
    let use: Use = { use: 0, atMs: 0 };
    for (let ms = 0; ms < 10_000; ms += 100) use = usedAt(use, NOW_MS + ms);
    assert.ok(useAt(use, NOW_MS + 10_000) > 9 && useAt(use, NOW_MS + 10_000) <= 10, JSON.stringify(use));
    assert.ok(Math.abs(useAt(use, use.atMs + 60_000) - use.use / 2) < 1e-9);
    assert.ok(useAt(usedAt({ use: 0, atMs: 0 }, NOW_MS), NOW_MS) === 1);
  });
});
