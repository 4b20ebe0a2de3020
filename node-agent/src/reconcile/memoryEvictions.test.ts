import assert from "node:assert/strict";
import { memoryEvictions, type WarmCell } from "./memoryEvictions.ts";

const cell = (id: string, lastActiveMs: number, about: Partial<WarmCell<string>> = {}): WarmCell<string> => ({
  id,
  bytes: 10,
  life: "warm",
  isBusy: false,
  lastActiveMs,
  ...about,
});

const cases: readonly [
  string,
  readonly WarmCell<string>[],
  { warmBytes: number; neededBytes?: number },
  string[],
][] = [
  ["nobody while all fit", [cell("a", 1), cell("b", 2)], { warmBytes: 20 }, []],
  ["the least recently used first", [cell("b", 2), cell("a", 1), cell("c", 3)], { warmBytes: 20 }, ["a"]],
  ["as many as it takes", [cell("b", 2), cell("a", 1), cell("c", 3)], { warmBytes: 10 }, ["a", "b"]],
  ["for one more that is to come", [cell("b", 2), cell("a", 1)], { warmBytes: 20, neededBytes: 5 }, ["a"]],
  [
    "never a busy one before an idle one",
    [cell("busy", 1, { isBusy: true }), cell("idle", 2)],
    { warmBytes: 10 },
    ["idle"],
  ],
  [
    "busy ones when no idle one is left",
    [cell("new", 3, { isBusy: true }), cell("old", 1, { isBusy: true }), cell("idle", 2)],
    { warmBytes: 10 },
    ["idle", "old"],
  ],
  [
    "not those that start, though they count",
    [cell("starting", 1, { life: "starting" }), cell("a", 2)],
    { warmBytes: 10 },
    ["a"],
  ],
  [
    "nobody for those that go already",
    [cell("going", 1, { life: "draining" }), cell("a", 2)],
    { warmBytes: 10 },
    [],
  ],
  [
    "one that is larger than all",
    [cell("huge", 2, { bytes: 100 }), cell("a", 1)],
    { warmBytes: 50 },
    ["a", "huge"],
  ],
];

describe("memory evictions", () => {
  for (const [name, cells, bounds, expected] of cases) {
    it(`takes ${name}`, () => assert.deepEqual(memoryEvictions(cells, bounds), expected));
  }
});
