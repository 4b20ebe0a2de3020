import assert from "node:assert/strict";
import type { CountReport } from "../CountReport.ts";
import { Counter } from "./Counter.ts";
import { Reporter } from "./Reporter.ts";

describe("Reporter", () => {
  let nowMs: number;
  let sent: CountReport[];
  let counter: Counter;
  let reporter: Reporter;

  beforeEach(() => {
    nowMs = 0;
    sent = [];
    counter = new Counter(
      { genesisMs: 0, epochMs: 60_000, offsetMs: 0, reachedEpoch: Number.MAX_SAFE_INTEGER },
      () => nowMs,
    );
    reporter = new Reporter({ counter, send: (report) => sent.push(report) });
  });

  it("sends nothing where nothing changed", () => {
    reporter.tick();
    assert.deepEqual(sent, []);
  });

  it("sends the next report when this one is booked, and again when it is refused", () => {
    counter.addRequest("1");
    reporter.tick();
    counter.addRequest("2");
    reporter.tick();
    assert.deepEqual(
      sent.map(({ sequence }) => sequence),
      [1],
    );
    reporter.answered(1, false);
    reporter.tick();
    assert.deepEqual(sent[1], sent[0]);
    reporter.answered(1, true);
    reporter.tick();
    assert.deepEqual(
      sent.map(({ sequence }) => sequence),
      [1, 1, 2],
    );
    assert.equal(sent[2]?.counts[0]?.projectId, "2");
  });

  it("says that an epoch is closed, also without counts, and then nothing", () => {
    nowMs = 60_000;
    reporter.tick();
    assert.equal(sent[0]?.closedEpoch, 0);
    reporter.answered(1, true);
    reporter.tick();
    assert.equal(sent.length, 1);
  });

  it("leaves for the disk what was sent and not booked, and what came after, in order", () => {
    counter.addRequest("1");
    reporter.tick();
    counter.addRequest("2");
    const left = reporter.unacknowledged();
    assert.deepEqual(
      left.map(({ sequence, counts }) => [sequence, counts[0]?.projectId]),
      [
        [1, "1"],
        [2, "2"],
      ],
    );
  });

  it("is flushed only when the last count is booked", () => {
    counter.addRequest("1");
    assert.equal(reporter.flush(), false);
    reporter.answered(1, true);
    counter.addEgress("1", 5);
    assert.equal(reporter.flush(), false);
    reporter.answered(2, true);
    assert.equal(reporter.flush(), true);
    assert.deepEqual(reporter.unacknowledged(), []);
  });
});
