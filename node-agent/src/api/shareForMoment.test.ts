import assert from "node:assert/strict";
import { shareForMoment } from "./shareForMoment.ts";

describe("an answer that is shared for a moment", () => {
  it("is asked for once by all who want the same within it, and anew afterwards, also where it failed", async () => {
    const asked: string[] = [];
    let now = 0;
    const answerOf = shareForMoment({ ms: 250, nowMs: () => now }, async (key: string) => {
      asked.push(key);
      if (key === "bad") throw new Error("no answer");
      return `${key} ${asked.length}`;
    });
    assert.deepEqual(await Promise.all([answerOf("a"), answerOf("b"), answerOf("a")]), ["a 1", "b 2", "a 1"]);
    now = 249;
    assert.equal(await answerOf("a"), "a 1");
    now = 250;
    assert.equal(await answerOf("a"), "a 3");
    await assert.rejects(answerOf("bad"), /no answer/);
    now = 600;
    await assert.rejects(answerOf("bad"), /no answer/);
    assert.deepEqual(asked, ["a", "b", "a", "bad", "bad"]);
  });

  it("is remembered for so many questions at most", async () => {
    let asked = 0;
    const answerOf = shareForMoment({ ms: 1e9 }, async (_: number) => {
      asked += 1;
    });
    for (let i = 0; i < 1_001; i++) await answerOf(i);
    await answerOf(1_000);
    assert.equal(asked, 1_001);
    await answerOf(0);
    assert.equal(asked, 1_002);
  });
});
