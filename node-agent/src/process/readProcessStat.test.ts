import assert from "node:assert/strict";
import { parseProcessStat, readProcessStat } from "./readProcessStat.ts";

describe("readProcessStat", () => {
  it("is not misled by a program whose name looks like fields", () => {
    const numbers = Array.from({ length: 48 }, (_, index) => String(index + 4)).join(" ");
    assert.deepEqual(parseProcessStat(`77 (a) S 1 2 (b)) Z ${numbers}\n`), {
      startTime: "22",
      cpuMs: (14 + 15) * 10,
      zombie: true,
    });
  });

  it("reads this process", () => {
    const stat = readProcessStat(process.pid);
    assert.ok(stat !== undefined && stat.cpuMs > 0 && !stat.zombie);
    const { user, system } = process.cpuUsage();
    assert.ok(Math.abs(stat.cpuMs - (user + system) / 1000) < 200, `${stat.cpuMs}`);
  });

  it("knows nothing of a process that is not there", () => {
    assert.equal(readProcessStat(2 ** 30), undefined);
  });
});
