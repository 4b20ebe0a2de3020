import assert from "node:assert/strict";
import type { FactRow } from "../../ledger/factTable.ts";
import { chainProject } from "./chainProject.ts";

/** Facts one block after the other, as `current` gives them. */
function rows(...told: readonly [topic: string, args: Record<string, unknown>][]): FactRow[] {
  return told.map(([topic, args], index) => ({
    scope: "project",
    id: 7n,
    topic,
    key: topic === "version" ? String(args.version) : "",
    block: BigInt(index),
    logIndex: 0,
    tx: "0x",
    args,
  }));
}
const version = (number: number, live: boolean): [string, Record<string, unknown>] => [
  "version",
  { version: number, cid: `cid${number}`, live },
];
const split = (bps: number): [string, Record<string, unknown>] => [
  "split",
  { version: bps === 0 ? 0 : 2, bps },
];

describe("chainProject", () => {
  const cases: [string, FactRow[], number, { version: number; bps: number } | undefined][] = [
    ["has no split at first", rows(version(1, true), version(2, false)), 1, undefined],
    ["has a split", rows(version(1, true), version(2, false), split(500)), 1, { version: 2, bps: 500 }],
    ["has none after 0 percent", rows(version(1, true), version(2, false), split(0)), 1, undefined],
    [
      "has none after another version is activated",
      rows(version(1, true), version(2, false), split(500), ["active", { version: 2 }]),
      2,
      undefined,
    ],
    [
      "has none after a live version",
      rows(version(1, true), version(2, false), split(500), version(3, true)),
      3,
      undefined,
    ],
    [
      "has one that was set after an activation",
      rows(version(1, true), version(2, false), ["active", { version: 1 }], split(500)),
      1,
      { version: 2, bps: 500 },
    ],
  ];
  for (const [name, facts, active, expected] of cases) {
    it(`a project ${name}`, () => {
      const project = chainProject(7n, facts);
      assert.deepEqual([project.active, project.split], [active, expected]);
    });
  }
});
