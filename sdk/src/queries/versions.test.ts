import assert from "node:assert/strict";
import { lastDifferent } from "./versions.ts";

describe("a project's versions", () => {
  it("the version before is the last that was another one", () => {
    assert.deepEqual(
      [lastDifferent([1, 2]), lastDifferent([1, 2, 1]), lastDifferent([2, 2]), lastDifferent([])],
      [1, 2, undefined, undefined],
    );
  });
});
