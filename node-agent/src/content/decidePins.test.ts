import assert from "node:assert/strict";
import { decidePins, type PinsParameters } from "./decidePins.ts";

const decide = (changes: Partial<PinsParameters>) =>
  decidePins({
    wanted: [],
    pinned: new Set(),
    recorded: [],
    aside: new Set(),
    failures: new Map(),
    isGone: () => false,
    ...changes,
  });

describe("what an IPFS daemon is to hold", () => {
  const cases: readonly [string, Partial<PinsParameters>, { pin?: string[]; unpin?: string[] }][] = [
    ["what is kept and not there is pinned", { wanted: ["a", "b"], pinned: new Set(["a"]) }, { pin: ["b"] }],
    ["what is pinned and kept stays", { wanted: ["a"], pinned: new Set(["a"]), recorded: ["a"] }, {}],
    [
      "what was dropped is unpinned",
      { recorded: ["a", "b"], isGone: (cid) => cid === "b" },
      { unpin: ["b"] },
    ],
    [
      "what is pinned by somebody else, so that it is not recorded, is never unpinned",
      { pinned: new Set(["a"]), isGone: () => true },
      {},
    ],
    [
      "what is not kept but not dropped either stays: it is fetched anew",
      { pinned: new Set(["a"]), recorded: ["a"] },
      {},
    ],
    [
      "what is set aside is left alone",
      { wanted: ["a"], recorded: ["b"], aside: new Set(["a", "b"]), isGone: (cid) => cid === "b" },
      {},
    ],
    ["what the operator denies is not pinned", { wanted: ["a"], isGone: () => true }, {}],
    [
      "what failed often comes last",
      {
        wanted: ["a", "b", "c"],
        failures: new Map([
          ["a", 2],
          ["b", 1],
        ]),
      },
      { pin: ["c", "b", "a"] },
    ],
  ];
  for (const [what, parameters, expected] of cases) {
    it(what, () => assert.deepEqual(decide(parameters), { pin: [], unpin: [], ...expected }));
  }
});
