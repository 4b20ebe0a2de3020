import assert from "node:assert/strict";
import { judge } from "./judge.ts";

describe("the verdict on a strategy", () => {
  const cases: [string, Parameters<typeof judge>[0], ReturnType<typeof judge>][] = [
    ["a loss does not pay", { gain: -1, standardErrorUsd: 0, boundUsdPerEpoch: undefined }, "does not pay"],
    [
      "a gain within the noise does not pay",
      { gain: 1, standardErrorUsd: 0.6, boundUsdPerEpoch: undefined },
      "does not pay",
    ],
    [
      "a gain of nothing does not pay",
      { gain: 0.001, standardErrorUsd: 0, boundUsdPerEpoch: 5 },
      "does not pay",
    ],
    ["a gain beyond the noise pays", { gain: 1, standardErrorUsd: 0.4, boundUsdPerEpoch: undefined }, "PAYS"],
    [
      "up to the stated bound it is within it",
      { gain: 1, standardErrorUsd: 0.1, boundUsdPerEpoch: 1 },
      "pays, within its bound",
    ],
    ["beyond the bound it pays", { gain: 2, standardErrorUsd: 0.1, boundUsdPerEpoch: 1 }, "PAYS"],
  ];
  for (const [rule, measured, verdict] of cases) it(rule, () => assert.equal(judge(measured), verdict));
});
