import assert from "node:assert/strict";
import { createBackoff, retryDelayMs } from "./backoff.ts";

const WAITS = { firstMs: 100, mostMs: 350 };

describe("the wait before another try", () => {
  it("doubles up to its most, however often it failed", () => {
    const waits = [0, 1, 2, 3, 40, 2_000].map((failures) => retryDelayMs(WAITS, failures, 0));
    assert.deepEqual(waits, [100, 200, 350, 350, 350, 350]);
    assert.equal(retryDelayMs({ firstMs: 0, mostMs: 350 }, 2_000, 0), 0);
  });

  it("is up to a quarter shorter, by chance", () => {
    assert.deepEqual(
      [0, 0.5, 1].map((random) => retryDelayMs(WAITS, 1, random)),
      [200, 175, 150],
    );
  });

  it("begins anew after a success", () => {
    const backoff = createBackoff(WAITS);
    for (const most of [100, 200, 350, 350]) {
      const ms = backoff.next();
      assert.ok(ms >= most * 0.75 && ms <= most, `${ms} of ${most}`);
    }
    backoff.reset();
    assert.ok(backoff.next() <= 100);
  });
});
