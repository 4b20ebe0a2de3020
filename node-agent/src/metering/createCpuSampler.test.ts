import assert from "node:assert/strict";
import { createCpuSampler } from "./createCpuSampler.ts";

describe("a sample of CPU time", () => {
  /** A cell whose reading the test sets. */
  const cell = (id: string, projectId = 7n) => {
    const state = { ms: 0 };
    return { state, id, projectId, cpuMs: () => state.ms };
  };

  it("is what is new since the last one, added up for each project", () => {
    const sampler = createCpuSampler();
    const cells = [cell("a"), cell("b"), cell("c", 8n)];
    const [a, b, c] = cells;
    assert.ok(a && b && c);
    [a.state.ms, b.state.ms, c.state.ms] = [10, 20, 5];
    assert.deepEqual(sampler.sampleCpu(cells), [
      { projectId: 7n, cpuMs: 30 },
      { projectId: 8n, cpuMs: 5 },
    ]);
    a.state.ms = 14;
    assert.deepEqual(sampler.sampleCpu(cells), [{ projectId: 7n, cpuMs: 4 }]);
    assert.deepEqual(sampler.sampleCpu(cells), []);
  });

  it("loses no part of a millisecond", () => {
    const sampler = createCpuSampler();
    const a = cell("a");
    let sum = 0;
    for (let i = 1; i <= 10; i++) {
      a.state.ms = i * 0.7;
      for (const { cpuMs } of sampler.sampleCpu([a])) sum += cpuMs;
    }
    assert.equal(sum, 7);
  });

  it("has what a cell used before it ended, once", () => {
    const sampler = createCpuSampler();
    const a = cell("a");
    a.state.ms = 10;
    sampler.sampleCpu([a]);
    a.state.ms = 13;
    sampler.ended(a);
    assert.deepEqual(sampler.sampleCpu([]), [{ projectId: 7n, cpuMs: 3 }]);
    assert.deepEqual(sampler.sampleCpu([]), []);
  });

  it("has what could not be booked of the one before, once", () => {
    const sampler = createCpuSampler();
    const [a, b] = [cell("a"), cell("b", 8n)];
    a.state.ms = 10;
    const lost = sampler.sampleCpu([a]);
    sampler.giveBack(lost);
    [a.state.ms, b.state.ms] = [13, 2];
    sampler.ended(a);
    assert.deepEqual(sampler.sampleCpu([b]), [
      { projectId: 7n, cpuMs: 13 },
      { projectId: 8n, cpuMs: 2 },
    ]);
    assert.deepEqual(sampler.sampleCpu([b]), []);
  });

  it("takes no reading that fails or goes back for usage", () => {
    const sampler = createCpuSampler();
    const a = cell("a");
    const read = (ms: number) => {
      a.state.ms = ms;
      return sampler.sampleCpu([a]).map(({ cpuMs }) => cpuMs);
    };
    assert.deepEqual([10, Number.NaN, 0, -5, Number.POSITIVE_INFINITY, 12].map(read), [
      [10],
      [],
      [],
      [],
      [],
      [2],
    ]);
  });
});
