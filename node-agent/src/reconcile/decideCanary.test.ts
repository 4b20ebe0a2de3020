import assert from "node:assert/strict";
import type { Decision } from "./decide.ts";
import { type CanaryActual, type CanaryDecision, decideCanary } from "./decideCanary.ts";

const warm: Decision = { route: { to: "cell" }, step: "none" };
const asleep: Decision = { route: { to: "sleeping" }, step: "none" };
const kept: Decision = { route: { to: "keep" }, step: "start" };
const refusal = { status: 503, code: "CELL_FAILING", message: "" };
const canary: CanaryActual = {
  hasContent: true,
  trouble: undefined,
  cell: "none",
  isAskedFor: false,
  isResting: false,
  isServed: false,
};

const cases: readonly [string, Decision, Partial<CanaryActual>, CanaryDecision][] = [
  [
    "is fetched, and all get the active one meanwhile",
    warm,
    { hasContent: false },
    { isServed: false, step: "fetch" },
  ],
  ["is warm before the first visitor is sent to it", warm, {}, { isServed: false, step: "start" }],
  [
    "gets nobody while it starts for the first time",
    warm,
    { cell: "starting" },
    { isServed: false, step: "none" },
  ],
  ["gets its share when it is warm", warm, { cell: "warm" }, { isServed: true, step: "none" }],
  ["sleeps with its project", asleep, {}, { isServed: true, step: "none" }],
  ["may sleep by itself once it was served", warm, { isServed: true }, { isServed: true, step: "none" }],
  ["wakes when asked for", warm, { isServed: true, isAskedFor: true }, { isServed: true, step: "start" }],
  [
    "is not started while it rests after a death",
    warm,
    { isServed: true, isAskedFor: true, isResting: true },
    { isServed: true, step: "none" },
  ],
  [
    "gets nobody when it cannot be served",
    warm,
    { trouble: refusal, isServed: true },
    { isServed: false, step: "none" },
  ],
  [
    "gets nobody while the active one is not served itself",
    kept,
    { cell: "warm" },
    { isServed: false, step: "none" },
  ],
];

describe("the second version of a split", () => {
  for (const [name, active, actual, expected] of cases) {
    it(name, () => assert.deepEqual(decideCanary(active, { ...canary, ...actual }), expected));
  }
});
