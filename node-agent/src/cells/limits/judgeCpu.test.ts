import assert from "node:assert/strict";
import { answeredCpuState, type CpuState, type CpuVerdict, firstCpuState, judgeCpu } from "./judgeCpu.ts";

const LIMIT_MS = 50;

/** A tenth of a second: CPU time used, requests started in it, requests under way at its end, time waited for a core. */
type Tick = readonly [usedMs: number, started: number, inFlight: number, waitedMs?: number];

function judge(ticks: readonly Tick[], { graceMs = 0, limitMs = LIMIT_MS } = {}): CpuVerdict[] {
  let sample = { atMs: 1_000, cpuMs: 0, waitedMs: 0, started: 0, inFlight: 0 };
  let state: CpuState = { ...firstCpuState(sample, limitMs), graceMs };
  return ticks.map(([usedMs, started, inFlight, waitedMs = 0]) => {
    sample = {
      atMs: sample.atMs + 100,
      cpuMs: sample.cpuMs + usedMs,
      waitedMs: sample.waitedMs + waitedMs,
      started: sample.started + started,
      inFlight,
    };
    const result = judgeCpu(state, sample, limitMs);
    state = result.state;
    return result.verdict;
  });
}

const times = (count: number, tick: Tick): Tick[] => Array.from({ length: count }, () => tick);
const kinds = (ticks: readonly Tick[], options?: { graceMs?: number; limitMs?: number }) =>
  judge(ticks, options).map(({ kind }) => kind);

describe("CPU time of requests", () => {
  it("of a saturated cell whose requests keep within the limit never ends one", () => {
    const verdicts = kinds(times(100, [100, 20, 16]));
    assert.ok(!verdicts.includes("cut"));
  });

  it("of one request that goes on and on ends that request, in time", () => {
    const verdicts = judge([[0, 0, 0], [90, 1, 1], ...times(3, [100, 0, 1])]);
    const cut = verdicts.findIndex(({ kind }) => kind === "cut");
    // 50 of its own and a burst of 150: the third tick of work.
    assert.equal(cut, 3);
    assert.deepEqual(verdicts[cut], { kind: "cut", usedMs: 290, minAgeMs: 240 });
  });

  it("of one that yields now and then ends it too", () => {
    const verdicts = judge([[10, 1, 1], ...times(20, [30, 0, 1])]);
    const cut = verdicts.find(({ kind }) => kind === "cut");
    assert.deepEqual(cut, { kind: "cut", usedMs: 30, minAgeMs: 0 });
  });

  it("is not charged to a request that comes after the work of an earlier one", () => {
    assert.deepEqual(
      kinds([
        [100, 1, 0],
        [100, 0, 0],
        [100, 0, 0],
        [5, 1, 1],
        [5, 0, 1],
      ]).slice(3),
      ["fine", "fine"],
    );
  });

  it("is not charged for what the first requests make V8 compile", () => {
    assert.ok(!kinds([[100, 1, 1], ...times(4, [100, 0, 1])], { graceMs: 500 }).includes("cut"));
    assert.ok(kinds([[100, 1, 1], ...times(7, [100, 0, 1])], { graceMs: 500 }).includes("cut"));
  });

  it("that a counter which begins anew does not explain is not charged twice", () => {
    const sample = { atMs: 0, cpuMs: 0, waitedMs: 0, started: 500, inFlight: 0 };
    const state = { ...firstCpuState(sample, LIMIT_MS), graceMs: 0 };
    const { verdict } = judgeCpu(
      state,
      { ...sample, atMs: 100, cpuMs: 60, started: 3, inFlight: 1 },
      LIMIT_MS,
    );
    assert.equal(verdict.kind, "fine");
  });
});

describe("a cell that may hang", () => {
  it("is asked after 350 ms of CPU time on end, also where nobody waits", () => {
    assert.deepEqual(kinds(times(5, [100, 0, 0])), ["fine", "fine", "fine", "ask", "ask"]);
    assert.deepEqual(kinds(times(10, [40, 0, 0])), Array(10).fill("fine"));
  });

  it("is asked on a machine that has no core for it too, after as much CPU time of its own", () => {
    assert.equal(kinds(times(20, [25, 0, 0, 70])).indexOf("ask"), 13);
    assert.ok(!kinds(times(20, [25, 0, 0, 30])).includes("ask"));
  });

  it("is not asked before a request of it has used what it may", () => {
    const verdicts = kinds([[0, 1, 1], ...times(30, [100, 0, 1])], { limitMs: 2_000 });
    assert.equal(
      verdicts.findIndex((kind) => kind !== "fine"),
      20,
    );
  });

  it("that answered is asked again after as much again", () => {
    let sample = { atMs: 0, cpuMs: 0, waitedMs: 0, started: 0, inFlight: 0 };
    let state = firstCpuState(sample, LIMIT_MS);
    const asked: number[] = [];
    for (let tick = 1; tick <= 12; tick++) {
      sample = { ...sample, atMs: tick * 100, cpuMs: tick * 100 };
      const result = judgeCpu(state, sample, LIMIT_MS);
      state = result.state;
      if (result.verdict.kind !== "ask") continue;
      asked.push(tick);
      state = answeredCpuState(state);
    }
    assert.deepEqual(asked, [4, 8, 12]);
  });
});
