import assert from "node:assert/strict";
import type { Comparison } from "./compareStrategy.ts";
import { tableOf } from "./table.ts";

const result: Comparison = {
  name: "node-invents-to-cap",
  who: "node",
  tries: "reports all that the cap allows",
  population: "1 of 6 nodes",
  cheaterUsdPerEpoch: -8.5474,
  honestUsdPerEpoch: 0.5,
  gainUsdPerEpoch: -9.0474,
  standardErrorUsd: 0.25,
  victimsLossUsdPerEpoch: -0.0001,
  treasuryGainUsdPerEpoch: 0,
  boundUsdPerEpoch: undefined,
  bound: undefined,
  verdict: "does not pay",
  why: "",
};

describe("the table of strategies", () => {
  it("as Markdown: three decimals, no negative zero, the ratio to honesty", () => {
    const [, , row] = tableOf([result], true).split("\n");
    const cells = "-8.547 | 0.500 | -9.047 | 0.250 | -17.09 | 0.000 | does not pay";
    assert.equal(row, `| node-invents-to-cap | 1 of 6 nodes | ${cells} |`);
  });

  it("no ratio to a twin that earns nothing", () => {
    const [, , row] = tableOf([{ ...result, honestUsdPerEpoch: 0 }], true).split("\n");
    assert.match(row ?? "", /\| – \|/);
  });

  it("on a terminal every column has one width", () => {
    const [head, row] = tableOf([result], false).split("\n");
    assert.equal(head?.indexOf("verdict"), row?.indexOf("does not pay"));
  });
});
