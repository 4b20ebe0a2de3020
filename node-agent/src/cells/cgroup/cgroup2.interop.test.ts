import assert from "node:assert/strict";
import { join } from "node:path";
import { runTestsInKernel } from "../testing/guest/runTests.ts";

const FILES = ["openCgroups.interop.test.ts", "cellsInGroups.interop.test.ts"];

describe("control groups of version 2", function () {
  this.timeout(1_000_000);

  it("do all that is tested of control groups and of cells in them, on a kernel that has no others", async () => {
    const files = FILES.map((file) => join(import.meta.dirname, file));
    const { code, output } = await runTestsInKernel(files, { timeoutMs: 600_000 });
    // Each test is told by its name, and counted with the others.
    console.log(output);
    assert.equal(code, 0, "a test fails in the guest");
  });
});
