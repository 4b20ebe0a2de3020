import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { batchTable } from "../ledger/batchTable.ts";
import { openLedger } from "../ledger/openLedger.ts";
import { NO_COUNTS, usageTable } from "../ledger/usageTable.ts";
import { crashPoints } from "../testing/crashPoints.ts";
import { createMeter, type UsageReport } from "./createMeter.ts";

const LATE = 3;
const MINUTE = 60_000;

describe("the meter", () => {
  function open(path = ":memory:", guard = <target extends object>(target: target): target => target) {
    const ledger = openLedger(path);
    const [usage, batches] = [usageTable(ledger), batchTable(ledger)];
    const clock = { epoch: 10 };
    const currentEpoch = () => clock.epoch;
    const meter = createMeter({ ledger, usage: guard(usage), batches, currentEpoch, late: LATE });
    return { ledger, usage, batches, clock, meter };
  }
  const countOf = (epoch: number, requests: number, minute = 0, projectId = "7") => ({
    projectId,
    epoch,
    minuteMs: minute * MINUTE + 12_345,
    requests,
    egressBytes: requests * 100,
  });
  const report = (sequence: number, ...counts: UsageReport["counts"]): UsageReport => ({
    reporter: "edge",
    sequence,
    closedEpoch: 9,
    counts,
  });
  const key = { projectId: 7n, epoch: 10 };

  it("adds up the counts of a minute, and keeps minutes and projects apart", () => {
    const { meter, usage } = open();
    meter.bookReport(report(1, countOf(10, 2), countOf(10, 1, 5), countOf(10, 9, 0, "8")));
    meter.bookReport(report(2, countOf(10, 3)));
    meter.bookCpu([{ ...key, minuteMs: 59_999, cpuMs: 40 }]);
    assert.deepEqual(
      usage.minutesOf(key).map((row) => ({ ...row })),
      [
        { ...NO_COUNTS, minuteMs: 0, requests: 5, cpuMs: 40, egressBytes: 500 },
        { ...NO_COUNTS, minuteMs: 5 * MINUTE, requests: 1, egressBytes: 100 },
      ],
    );
    assert.deepEqual({ ...usage.totalsOf(key) }, { ...NO_COUNTS, requests: 6, cpuMs: 40, egressBytes: 600 });
    assert.deepEqual(usage.projectsIn(10), [7n, 8n]);
  });

  it("adds up what is stored to the last byte, beyond what a double holds, beside what else the minute has", () => {
    const { meter, usage } = open();
    const storedByteSeconds = 2n ** 53n + 1n;
    assert.equal(meter.usedIn(10).size, 0);
    meter.bookReport(report(1, countOf(10, 2)));
    for (let i = 0; i < 2; i++)
      meter.bookStored([{ ...key, minuteMs: 0, storedByteSeconds, storedSeconds: 5 }]);
    const expected = { requests: 2, cpuMs: 0, egressBytes: 200, storedByteSeconds: 2n * storedByteSeconds };
    assert.deepEqual({ ...usage.totalsOf(key) }, { ...expected, storedSeconds: 10 });
    assert.deepEqual({ ...usage.totalsIn(10).get(7n) }, { ...expected, storedSeconds: 10 });
    assert.deepEqual({ ...meter.usedIn(10).get(7n) }, { ...expected, storedSeconds: 10 });
  });

  it("what is told of an epoch that has not begun counts now", () => {
    const { usage, meter } = open();
    meter.bookReport(report(1, countOf(10, 2), countOf(375, 3), countOf(11, 4, 1)));
    assert.equal(usage.totalsOf(key).requests, 9);
    assert.deepEqual(usage.epochs(), [10]);
  });

  it("what a wrong clock booked in later epochs is moved to the current one when it is corrected, once", () => {
    const { usage, meter, clock } = open();
    clock.epoch = 375;
    meter.bookReport(
      report(1, countOf(375, 3), countOf(375, 5, 1), countOf(374, 1), countOf(375, 8, 0, "8")),
    );
    clock.epoch = 10;
    meter.bookReport(report(2, countOf(10, 2)));
    assert.equal(meter.usedIn(10).get(7n)?.requests, 2);
    for (let i = 0; i < 2; i++) {
      meter.clockChanged();
      assert.deepEqual(usage.epochs(), [10]);
      assert.deepEqual({ ...usage.totalsOf(key) }, { ...NO_COUNTS, requests: 11, egressBytes: 1_100 });
      assert.equal(meter.usedIn(10).get(7n)?.requests, 11);
      assert.equal(meter.usedIn(10).get(8n)?.requests, 8);
    }
  });

  it("a report counts once however often it comes, of each edge process", () => {
    const { usage, meter } = open();
    assert.equal(meter.bookReport(report(2, countOf(10, 1))), true);
    for (const sequence of [2, 1]) assert.equal(meter.bookReport(report(sequence, countOf(10, 1))), false);
    assert.equal(meter.bookReport({ ...report(1, countOf(10, 1)), reporter: "another" }), true);
    assert.equal(usage.totalsOf(key).requests, 2);
  });

  it("wherever the agent dies while it books a report, the next delivery makes it whole", async () => {
    const folder = await mkdtemp(join(tmpdir(), "worker3-meter-"));
    try {
      const counts = [countOf(10, 1), countOf(10, 2, 1), countOf(10, 4, 2)];
      for (let n = 1, points = crashPoints(1); n === 1 || points.crashed(); n++) {
        points = crashPoints(n);
        const path = join(folder, `${n}.db`);
        const first = open(path, points.guard);
        try {
          first.meter.bookReport(report(1, ...counts));
        } catch (error) {
          if (!points.crashed()) throw error;
        }
        first.ledger.close();
        const second = open(path);
        second.meter.bookReport(report(1, ...counts));
        assert.equal(second.usage.totalsOf(key).requests, 7, `dead at place ${n}`);
        second.ledger.close();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("what comes after its statement counts in the epoch that is now, with the minute in which it was served", () => {
    const { meter, usage, batches, clock } = open();
    batches.addStatement({ ...key, digest: "0x01", receipt: "0x02", text: "{}" });
    clock.epoch = 11;
    meter.bookReport(report(1, countOf(10, 3, 4), countOf(10, 5, 4, "8")));
    meter.bookCpu([{ ...key, minuteMs: 0, cpuMs: 2 }]);
    assert.deepEqual({ ...usage.totalsOf(key) }, NO_COUNTS);
    assert.deepEqual(
      usage
        .minutesOf({ ...key, epoch: 11 })
        .map(({ minuteMs, requests, cpuMs }) => [minuteMs, requests, cpuMs]),
      [
        [0, 0, 2],
        [4 * MINUTE, 3, 0],
      ],
    );
    assert.equal(usage.totalsOf({ projectId: 8n, epoch: 10 }).requests, 5, "it has no statement yet");
  });

  it("what comes after the deadline of its epoch counts in the epoch that is now", () => {
    const { usage, meter, clock } = open();
    clock.epoch = 10 + LATE;
    meter.bookReport(report(1, countOf(10, 1)));
    clock.epoch += 1;
    meter.bookReport(report(2, countOf(10, 2)));
    assert.equal(usage.totalsOf(key).requests, 1);
    assert.equal(usage.totalsOf({ ...key, epoch: clock.epoch }).requests, 2);
  });

  it("edge processes of long ago are forgotten, those of late are not", () => {
    const { meter } = open();
    const count = (reporter: string, closedEpoch: number) =>
      meter.bookReport({ reporter, sequence: 5, closedEpoch, counts: [] });
    count("of late", 2);
    count("of long ago", 1);
    meter.prune(2);
    assert.deepEqual([count("of late", 2), count("of long ago", 1)], [false, true]);
  });

  it("what a report closed stays closed, though a later one says less", () => {
    const { meter, usage } = open();
    meter.bookReport({ ...report(1), closedEpoch: 9 });
    meter.bookReport({ ...report(2), closedEpoch: 5 });
    assert.equal(usage.reporter("edge")?.closedEpoch, 9);
  });
});
