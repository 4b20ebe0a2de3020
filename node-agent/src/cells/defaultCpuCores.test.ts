import assert from "node:assert/strict";
import { defaultCpuCores } from "./defaultCpuCores.ts";

describe("defaultCpuCores", () => {
  it("leaves a core to others where there is more than one, and a cell never less than one", () => {
    assert.deepEqual([1, 2, 3, 4, 64].map(defaultCpuCores), [1, 1, 2, 3, 63]);
  });
});
