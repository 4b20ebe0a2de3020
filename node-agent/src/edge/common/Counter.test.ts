import assert from "node:assert/strict";
import { Counter } from "./Counter.ts";

/** Epochs of 150 s from minute 1: epoch 0 ends in the middle of minute 3. */
const CLOCK = { genesisMs: 60_000, epochMs: 150_000, offsetMs: 0, reachedEpoch: Number.MAX_SAFE_INTEGER };

describe("Counter", () => {
  let nowMs: number;
  let counter: Counter;
  beforeEach(() => {
    nowMs = 60_000;
    counter = new Counter(CLOCK, () => nowMs);
  });

  it("adds up what falls into one minute of one epoch, and starts anew after it is taken", () => {
    counter.addRequest("1");
    counter.addEgress("1", 10);
    nowMs = 119_999;
    counter.addEgress("1", 5);
    counter.addRequest("2");
    assert.deepEqual(counter.take().counts, [
      { projectId: "1", epoch: 0, minuteMs: 60_000, requests: 1, egressBytes: 15 },
      { projectId: "2", epoch: 0, minuteMs: 60_000, requests: 1, egressBytes: 0 },
    ]);
    assert.deepEqual(counter.take().counts, []);
    counter.addRequest("1");
    assert.equal(counter.take().counts[0]?.requests, 1);
  });

  it("splits at minutes, and at an epoch's end inside a minute", () => {
    for (const at of [60_000, 120_000, 180_000, 209_999, 210_000, 240_000]) {
      nowMs = at;
      counter.addRequest("1");
    }
    assert.deepEqual(
      counter.take().counts.map(({ epoch, minuteMs, requests }) => [epoch, minuteMs, requests]),
      [
        [0, 60_000, 1],
        [0, 120_000, 1],
        [0, 180_000, 2],
        [1, 180_000, 1],
        [1, 240_000, 1],
      ],
    );
  });

  it("counts by the chain's time", () => {
    counter.setClock({ ...CLOCK, offsetMs: 150_000 });
    counter.addRequest("1");
    assert.deepEqual(counter.take().counts, [
      { projectId: "1", epoch: 1, minuteMs: 180_000, requests: 1, egressBytes: 0 },
    ]);
  });

  it("closes an epoch when it is over, and a clock set back does not open it again", () => {
    assert.equal(counter.take().closedEpoch, -1);
    nowMs = 210_000;
    assert.equal(counter.take().closedEpoch, 0);
    counter.setClock({ ...CLOCK, offsetMs: -120_000 });
    counter.addRequest("1");
    nowMs += 1;
    counter.addRequest("1");
    const { counts, closedEpoch } = counter.take();
    assert.equal(closedEpoch, 0);
    assert.deepEqual(
      counts.map(({ epoch, requests }) => [epoch, requests]),
      [[1, 2]],
    );
  });

  it("closes no epoch that the chain has not reached, and counts in it again when the clock is set back", () => {
    const year = { ...CLOCK, offsetMs: 31_536_000_000, reachedEpoch: 0 };
    counter.setClock(year);
    counter.addRequest("1");
    assert.equal(counter.take().closedEpoch, -1);
    assert.equal(new Counter(year, () => nowMs).closedEpoch, -1, "nor does one that starts then");
    counter.setClock({ ...CLOCK, reachedEpoch: 0 });
    counter.addRequest("1");
    assert.equal(counter.take().counts[0]?.epoch, 0);
    nowMs = 400_000;
    assert.equal(counter.take().closedEpoch, -1);
    counter.setClock({ ...CLOCK, reachedEpoch: 2 });
    assert.equal(counter.take().closedEpoch, 1);
  });

  it("what was counted before an epoch's end and taken after it stays in its epoch", () => {
    counter.addEgress("1", 7);
    nowMs = 400_000;
    const { counts, closedEpoch } = counter.take();
    assert.equal(counts[0]?.epoch, 0);
    assert.equal(closedEpoch, 1);
    counter.addRequest("1");
    assert.ok((counter.take().counts[0]?.epoch ?? 0) > closedEpoch);
  });
});
