import assert from "node:assert/strict";
import { termsOfEpoch } from "./termsOfEpoch.ts";

describe("the terms of an epoch, by the events that set them", () => {
  const told = (fromEpoch: number, name: string) => ({ fromEpoch, name });
  const table: [rule: string, events: ReturnType<typeof told>[], epoch: number, found: string | undefined][] =
    [
      ["none before the first", [told(5, "first")], 4, undefined],
      ["none where nothing was told", [], 4, undefined],
      ["the first in their own epoch", [told(5, "first")], 5, "first"],
      ["the first until others count", [told(5, "first"), told(9, "next")], 8, "first"],
      ["the next from their epoch on", [told(5, "first"), told(9, "next")], 9, "next"],
      ["epoch 0 has terms too", [told(0, "first")], 0, "first"],
      ["of several for one epoch the last", [told(5, "first"), told(6, "a"), told(6, "b")], 6, "b"],
      ["growth writes the running epoch again", [told(5, "first"), told(5, "grown")], 5, "grown"],
      [
        "growth of an epoch between the terms that stand and the next",
        [told(5, "first"), told(8, "next"), told(7, "grown"), told(8, "next grown")],
        7,
        "grown",
      ],
      [
        "and the next as they were told last",
        [told(5, "first"), told(8, "next"), told(7, "grown"), told(8, "next grown")],
        9,
        "next grown",
      ],
      [
        "and those before the growth as they stood",
        [told(5, "first"), told(8, "next"), told(7, "grown"), told(8, "next grown")],
        6,
        "first",
      ],
    ];
  for (const [rule, events, epoch, found] of table) {
    it(rule, () => assert.equal(termsOfEpoch(events, epoch)?.name, found));
  }
});
