import assert from "node:assert/strict";
import { limitsOf } from "./limitsOf.ts";

const MIB = 1_048_576;
const settings = {
  cpuMs: 50,
  maxCpuMs: 1_000,
  cpuCores: 1,
  memoryMiB: 128,
  maxMemoryMiB: 256,
  bodyMiB: 100,
  maxBodyMiB: 512,
};

describe("the limits of a version", () => {
  it("are the manifest's up to the node's, and the node's default where it says nothing", () => {
    const of = (limits?: { cpuMs?: number; memoryMiB?: number; bodyMiB?: number }) => {
      const { cpuMs, memoryBytes, hardMemoryBytes, bodyBytes } = limitsOf(limits, settings);
      return [cpuMs, memoryBytes / MIB, hardMemoryBytes / MIB, bodyBytes / MIB];
    };
    assert.deepEqual(of(), [50, 128, 192, 100]);
    assert.deepEqual(of({ cpuMs: 10, bodyMiB: 1 }), [10, 128, 192, 1]);
    assert.deepEqual(of({ cpuMs: 500, memoryMiB: 200, bodyMiB: 300 }), [500, 200, 300, 300]);
    assert.deepEqual(of({ cpuMs: 2 ** 31, memoryMiB: 2 ** 31, bodyMiB: 2 ** 31 }), [1_000, 256, 384, 512]);
  });
});
