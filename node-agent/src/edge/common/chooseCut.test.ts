import assert from "node:assert/strict";
import type { CutChoice } from "../CutChoice.ts";
import { chooseCut, type Suspect } from "./chooseCut.ts";
import { type Carried, Traffic } from "./Traffic.ts";

const NOW_MS = 100_000;
const MIB = 1_048_576;

type Named = Suspect & { readonly name: string };

/** A request that began so long ago, and what it carried so long ago. */
function suspect(
  name: string,
  agoMs: number,
  about: {
    isPending?: boolean;
    isWebSocket?: boolean;
    carried?: readonly (readonly [agoMs: number, carried: Partial<Carried>])[];
  } = {},
): Named {
  const sinceMs = NOW_MS - agoMs;
  const traffic = new Traffic(sinceMs, about.isWebSocket !== true);
  for (const [thenMs, carried] of about.carried ?? []) traffic.add(carried, NOW_MS - thenMs);
  return { name, sinceMs, isPending: about.isPending ?? false, traffic };
}

/** A WebSocket or a stream that is open for long, with so many messages a second in the last seconds. */
function socket(name: string, messages: number, carried: Partial<Carried> = {}): Named {
  const each = Array.from(
    { length: 30 },
    (_, i) => [i * 100, { messages: messages / 10, ...carried }] as const,
  );
  return suspect(name, 60_000, { carried: messages > 0 || carried.takenBytes ? each.toReversed() : [] });
}

const silent = Array.from({ length: 5 }, (_, i) => socket(`silent ${i}`, 0));
const use = (usedMs: number, windowMs: number, minAgeMs = 0): CutChoice => {
  return { by: "use", usedMs, windowMs, minAgeMs, requestMs: 50, mibMs: 10 };
};

const cases: readonly [string, readonly Named[], CutChoice, string[]][] = [
  [
    "a request that came when the work began, and none that is silent",
    [...silent, suspect("busy", 400, { isPending: true })],
    use(400, 450, 350),
    ["busy"],
  ],
  [
    "no request that came when a cell was at it already",
    [suspect("busy", 400, { isPending: true }), suspect("late", 100, { isPending: true })],
    use(400, 450, 350),
    ["busy"],
  ],
  ["all of many alike", [1, 2, 3].map((n) => suspect(`${n}`, 400)), use(400, 450, 350), ["1", "2", "3"]],
  [
    "the WebSocket whose messages are work, and not those beside it",
    [...silent, socket("talks", 1), socket("works", 10)],
    use(2_500, 3_000),
    ["works"],
  ],
  [
    "not the WebSocket that says much and works little, but the request that works",
    [socket("talks", 100), suspect("busy", 2_900, { isPending: true })],
    use(2_950, 3_000),
    ["busy"],
  ],
  [
    "not the one that carries much, but the one that works for little",
    [
      suspect("echo", 2_900, { carried: [[1_000, { givenBytes: 100 * MIB, takenBytes: 100 * MIB }]] }),
      suspect("busy", 2_900, { isPending: true }),
    ],
    use(2_900, 3_000),
    ["busy"],
  ],
  [
    "who waits for an answer, where nobody gave it anything since",
    [...silent, suspect("waits", 9_000, { isPending: true })],
    use(300, 350, 250),
    ["waits"],
  ],
  [
    "who is sent something, where nobody waits",
    [...silent, socket("is told", 0, { takenBytes: 100 }), socket("hears", 0, { takenBytes: 10 })],
    use(300, 350, 250),
    ["is told"],
  ],
  [
    "who gave it something last, where all are silent: one, not all",
    [suspect("first", 80_000), suspect("last", 20_000), suspect("middle", 40_000)],
    use(300, 350, 250),
    ["last"],
  ],
  [
    "by age all that are as old",
    [suspect("old", 300), suspect("young", 100)],
    { by: "age", minAgeMs: 200 },
    ["old"],
  ],
  [
    "by what it holds neither the echo that gave it back nor the WebSocket whose messages went by",
    [
      suspect("upload", 900, { carried: [[500, { givenBytes: 50 * MIB }]] }),
      suspect("echo", 900, { carried: [[500, { givenBytes: 90 * MIB, takenBytes: 80 * MIB }]] }),
      suspect("WebSocket", 900, { isWebSocket: true, carried: [[500, { givenBytes: 90 * MIB }]] }),
    ],
    { by: "held", minBytes: 20 * MIB },
    ["upload"],
  ],
  [
    "by what it carried lately, either way",
    [
      suspect("up", 9_000, { carried: [[500, { givenBytes: 2 * MIB }]] }),
      suspect("down", 9_000, { carried: [[500, { takenBytes: 2 * MIB }]] }),
      suspect("before", 9_000, { carried: [[5_000, { takenBytes: 2 * MIB }]] }),
      suspect("little", 9_000, { carried: [[500, { takenBytes: 2_000 }]] }),
    ],
    { by: "carried", windowMs: 1_000, minBytes: MIB },
    ["up", "down"],
  ],
];

describe("of requests under way is cut", () => {
  for (const [what, suspects, choice, expected] of cases) {
    it(what, () => {
      const chosen = chooseCut(suspects, choice, NOW_MS).map(({ name }) => name);
      assert.deepEqual(chosen, expected);
    });
  }
});
