import assert from "node:assert/strict";
import { epochsBack } from "./usage.ts";

describe("usage", () => {
  it("is asked of epochs back to 0 and no further", () => {
    assert.deepEqual(epochsBack(9, 3), [9, 8, 7]);
    assert.deepEqual(epochsBack(1, 7), [1, 0]);
  });
});
