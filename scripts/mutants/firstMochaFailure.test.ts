import assert from "node:assert/strict";
import { firstMochaFailure } from "./firstMochaFailure.ts";

const report = (passes: number, failures: { fullTitle: string; file?: string }[]) =>
  JSON.stringify({ stats: { passes, failures: failures.length }, failures });

describe("the first failure in a report of mocha", () => {
  it("is none where all passed", () => {
    assert.equal(firstMochaFailure(report(9, []), "/copy"), undefined);
  });

  it("has its title and its file, from the root on", () => {
    const failures = [
      { fullTitle: "A.submit counts", file: "/copy/test/contracts/a.test.ts" },
      { fullTitle: "A.submit skips", file: "/copy/test/contracts/b.test.ts" },
    ];
    assert.deepEqual(firstMochaFailure(report(3, failures), "/copy"), {
      file: "test/contracts/a.test.ts",
      title: "A.submit counts",
    });
  });

  it("is not missed where a hook failed that has no file", () => {
    assert.deepEqual(firstMochaFailure(report(0, [{ fullTitle: '"before all" hook' }]), "/copy"), {
      file: "",
      title: '"before all" hook',
    });
  });

  it("is not taken from a run without tests, nor from something else", () => {
    assert.throws(() => firstMochaFailure(report(0, []), "/copy"), /neither a pass nor a failure/);
    assert.throws(() => firstMochaFailure('{"stats":{}}', "/copy"));
    assert.throws(() => firstMochaFailure("", "/copy"));
  });
});
