import assert from "node:assert/strict";
import { firstMochaFailure } from "./firstMochaFailure.ts";

const report = (passes: number, failures: { title: string; file: string }[]) =>
  JSON.stringify({ passes, failures });

describe("the first failure in a report of mocha", () => {
  it("is none where all passed", () => {
    assert.equal(firstMochaFailure(report(9, []), "/copy"), undefined);
  });

  it("has its title and its file, from the root on", () => {
    const failures = [
      { title: "A.submit counts", file: "/copy/test/contracts/a.test.ts" },
      { title: "A.submit skips", file: "/copy/test/contracts/b.test.ts" },
    ];
    assert.deepEqual(firstMochaFailure(report(3, failures), "/copy"), {
      file: "test/contracts/a.test.ts",
      title: "A.submit counts",
    });
  });

  it("is not missed where a hook failed that has no file", () => {
    assert.deepEqual(firstMochaFailure(report(0, [{ title: '"before all" hook', file: "" }]), "/copy"), {
      file: "",
      title: '"before all" hook',
    });
  });

  it("is not taken from a run without tests, nor from something else", () => {
    assert.throws(() => firstMochaFailure(report(0, []), "/copy"), { code: "BROKEN_RUN" });
    assert.throws(() => firstMochaFailure('{"stats":{}}', "/copy"));
    assert.throws(() => firstMochaFailure("", "/copy"));
  });
});
