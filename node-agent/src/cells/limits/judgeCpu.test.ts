import assert from "node:assert/strict";
import {
  answeredCpuState,
  type CpuSample,
  type CpuState,
  type CpuVerdict,
  firstCpuState,
  judgeCpu,
} from "./judgeCpu.ts";

const LIMIT_MS = 50;

const FIRST = {
  atMs: 1_000,
  cpuMs: 0,
  waitedMs: 0,
  started: 0,
  messages: 0,
  inFlight: 0,
  carriedBytes: 0,
  moments: 0,
};

/** What came besides requests. */
type Came = Partial<Pick<CpuSample, "messages" | "carriedBytes" | "moments">>;
/** A tenth of a second: CPU time used, requests started in it, requests under way at its end, time waited for a core. */
type Tick = readonly [usedMs: number, started: number, inFlight: number, waitedMs?: number, came?: Came];

function judge(ticks: readonly Tick[], { graceMs = 0, limitMs = LIMIT_MS } = {}): CpuVerdict[] {
  let sample = FIRST;
  let state: CpuState = { ...firstCpuState(sample, limitMs), graceMs };
  return ticks.map(([usedMs, started, inFlight, waitedMs = 0, came = {}]) => {
    sample = {
      atMs: sample.atMs + 100,
      cpuMs: sample.cpuMs + usedMs,
      waitedMs: sample.waitedMs + waitedMs,
      started: sample.started + started,
      messages: sample.messages + (came.messages ?? 0),
      inFlight,
      carriedBytes: sample.carriedBytes + (came.carriedBytes ?? 0),
      moments: sample.moments + (came.moments ?? 0),
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
    const window = { spellMs: 300, windowMs: 340, minAgeMs: 240 };
    assert.deepEqual(verdicts[cut], { kind: "cut", usedMs: 290, allowedMs: 200, ...window });
  });

  it("of one that yields now and then ends it too", () => {
    const verdicts = judge([[10, 1, 1], ...times(20, [30, 0, 1])]);
    const cut = verdicts.find(({ kind }) => kind === "cut");
    // What all of it used, not only in the last tenth of a second.
    const window = { spellMs: 600, windowMs: 650, minAgeMs: 0 };
    assert.deepEqual(cut, { kind: "cut", usedMs: 180, allowedMs: 150, ...window });
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
    const sample = { ...FIRST, atMs: 0, started: 500 };
    const state = { ...firstCpuState(sample, LIMIT_MS), graceMs: 0 };
    const { verdict } = judgeCpu(
      state,
      { ...sample, atMs: 100, cpuMs: 60, started: 3, inFlight: 1 },
      LIMIT_MS,
    );
    assert.equal(verdict.kind, "fine");
  });
});

describe("CPU time of what lasts", () => {
  const MIB = 1_048_576;
  const minutes = (tick: Tick): Tick[] => [[5, 1, 1], ...times(3_000, tick)];
  const cases: readonly [string, Tick, "lasts" | "ends"][] = [
    ["a WebSocket whose messages keep within the limit", [80, 0, 1, 0, { messages: 2 }], "lasts"],
    ["a WebSocket whose messages do not", [60, 0, 1, 0, { messages: 1 }], "ends"],
    ["a stream that says something now and then", [3, 0, 1, 0, { moments: 1 }], "lasts"],
    ["a thousand such streams", [90, 0, 1_000, 0, { moments: 100 }], "lasts"],
    ["a stream that works on and on for what it says", [60, 0, 1, 0, { moments: 1 }], "ends"],
    ["a plain echo of 200 MiB a second", [40, 0, 1, 0, { carriedBytes: 40 * MIB, moments: 1 }], "lasts"],
    ["an upload that a worker reads with JavaScript", [90, 0, 1, 0, { carriedBytes: 18 * MIB }], "lasts"],
    ["an upload of 1 MiB a second that takes a core", [90, 0, 1, 0, { carriedBytes: MIB / 10 }], "ends"],
    ["what is silent and works", [10, 0, 1], "ends"],
  ];
  for (const [what, tick, end] of cases) {
    it(`of ${what} ${end === "lasts" ? "is never too much" : "is too much"}`, () => {
      assert.equal(kinds(minutes(tick)).includes("cut"), end === "ends");
    });
  }

  it("that is too much is told with more than might be used", () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed % below;
    };
    let cuts = 0;
    for (let round = 0; round < 300; round++) {
      const ticks = Array.from({ length: 60 }, (): Tick => {
        const came = { messages: random(3), carriedBytes: random(2 * MIB), moments: random(2) };
        return [random(100), random(2), random(4), random(50), came];
      });
      for (const verdict of judge(ticks, { limitMs: 1 + random(60), graceMs: random(200) })) {
        if (verdict.kind !== "cut") continue;
        cuts += 1;
        assert.ok(verdict.usedMs > verdict.allowedMs && verdict.allowedMs >= 0, JSON.stringify(verdict));
        assert.ok(verdict.windowMs >= verdict.minAgeMs && verdict.spellMs >= 100, JSON.stringify(verdict));
      }
    }
    assert.ok(cuts > 100, `${cuts} prove nothing`);
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
    let sample = { ...FIRST, atMs: 0 };
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
