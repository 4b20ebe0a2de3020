import assert from "node:assert/strict";
import { Pace } from "./Pace.ts";

describe("a pace", () => {
  const takenAt = (pace: Pace, key: string, nowMs: number, amount = 1) => {
    if (pace.waitMs(key, nowMs, amount) > 0) return false;
    pace.take(key, nowMs, amount);
    return true;
  };
  const countAt = (pace: Pace, key: string, nowMs: number) => {
    let count = 0;
    while (count < 1_000 && takenAt(pace, key, nowMs)) count += 1;
    return count;
  };

  it("gives a burst after a rest, and from then on so much a second, to each by itself", () => {
    const pace = new Pace({ perSecond: 10, burst: 30 });
    assert.equal(countAt(pace, "a", 5_000), 30);
    assert.equal(pace.waitMs("a", 5_000), 100);
    assert.equal(countAt(pace, "a", 5_099), 0);
    assert.equal(countAt(pace, "a", 6_000), 10);
    assert.equal(countAt(pace, "b", 6_000), 30);
    assert.equal(countAt(pace, "a", 60_000), 30);
  });

  it("lets more than a burst be taken at once by who rested, who then waits for longer", () => {
    const pace = new Pace({ perSecond: 10, burst: 10 });
    assert.equal(takenAt(pace, "a", 0, 25), true);
    assert.equal(pace.waitMs("a", 0, 1), 1_600);
    assert.equal(pace.waitMs("a", 1_500, 1), 100);
    assert.equal(takenAt(pace, "a", 1_600, 1), true);
  });

  it("remembers so many at most, those that took something last", () => {
    const pace = new Pace({ perSecond: 1, burst: 1 });
    pace.take("first", 0);
    pace.take("second", 0);
    for (let i = 0; i < 19_998; i++) pace.take(`other ${i}`, 0);
    assert.equal(pace.waitMs("first", 0), 1_000);
    pace.take("first", 0);
    pace.take("one more", 0);
    assert.deepEqual(
      ["first", "second"].map((key) => pace.waitMs(key, 0)),
      [2_000, 0],
    );
  });
});
