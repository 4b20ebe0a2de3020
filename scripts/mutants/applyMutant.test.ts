import assert from "node:assert/strict";
import { applyMutant } from "./applyMutant.ts";

const mutant = {
  name: "late",
  rule: "in time",
  file: "A.sol",
  find: "a < b",
  replace: "a <= $& b",
  tests: [],
};

describe("a mutant", () => {
  it("replaces its text, as it stands", () => {
    assert.equal(applyMutant(mutant, "if (a < b) x;"), "if (a <= $& b) x;");
  });

  for (const [times, source] of [
    [0, "if (a > b) x;"],
    [2, "a < b; a < b"],
  ] as const) {
    it(`whose text is there ${times} times is refused by name`, () => {
      assert.throws(() => applyMutant(mutant, source), {
        code: "STALE",
        value: "a < b",
        message: new RegExp(`mutant late .* contracts/A\\.sol ${times} times`),
      });
    });
  }
});
