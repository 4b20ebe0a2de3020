import assert from "node:assert/strict";
import { FIRST_MEMORY_STATE, judgeMemory, type MemoryState } from "./judgeMemory.ts";

const MIB = 1_048_576;
const LIMITS = { memoryBytes: 128 * MIB, hardMemoryBytes: 192 * MIB };

/** A look: MiB that the worker uses, and MiB of the largest body that it may hold. */
type Look = readonly [used: number, heaviest: number];

/** What is done at each look: r(eplaced), c(ut) from so many MiB, k(illed). */
function judge(looks: readonly Look[]): string[] {
  let state: MemoryState = FIRST_MEMORY_STATE;
  return looks.map(([used, heaviest]) => {
    const sample = { usedBytes: used * MIB, heaviestBytes: heaviest * MIB };
    const { verdict, ...next } = judgeMemory(state, sample, LIMITS);
    state = next.state;
    const { isReplaced, cutFromBytes, isKilled } = verdict;
    const cut = cutFromBytes === undefined ? "" : `c${cutFromBytes / MIB}`;
    return `${isReplaced ? "r" : ""}${cut}${isKilled ? "k" : ""}`;
  });
}

const cases: readonly [string, readonly Look[], string[]][] = [
  ["left alone below its limit", [[100, 90]], [""]],
  [
    "replaced once above its limit, while its requests go on",
    [
      [120, 0],
      [130, 0],
      [131, 0],
      [132, 3],
    ],
    ["", "r", "", ""],
  ],
  [
    "relieved of the largest body before it would be killed, and has two looks to give it back",
    [
      [100, 20],
      [150, 70],
      [160, 60],
      [170, 60],
      [185, 60],
    ],
    ["", "rc70", "", "", "c60"],
  ],
  [
    "relieved of all large bodies at once when it is above the hard limit already, and lives on",
    [
      [100, 20],
      [200, 80],
      [210, 15],
      [150, 15],
      [100, 0],
    ],
    ["", "rc20", "", "", ""],
  ],
  [
    "killed where no body is what fills it",
    [
      [100, 0],
      [200, 3],
    ],
    ["", "k"],
  ],
  [
    "killed when it is far above, whatever is in it",
    [
      [100, 50],
      [280, 90],
    ],
    ["", "k"],
  ],
  [
    "killed when cutting is of no use",
    [[100, 9], ...Array.from({ length: 7 }, (): Look => [200, 9])],
    ["", "rc4", "", "", "c4", "", "", "k"],
  ],
  [
    "killed when what was cut was the last, and nothing came back",
    [
      [100, 9],
      [200, 9],
      [200, 0],
      [200, 0],
      [200, 0],
    ],
    ["", "rc4", "", "", "k"],
  ],
];

describe("a cell that takes more and more memory is", () => {
  for (const [what, looks, expected] of cases) {
    it(what, () => assert.deepEqual(judge(looks), expected));
  }
});
