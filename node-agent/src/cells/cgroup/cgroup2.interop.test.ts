import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { runInKernel } from "../testing/guest/runInKernel.ts";

const root = join(import.meta.dirname, "../../../..");
const mocha = createRequire(import.meta.url).resolve("mocha/bin/mocha.js");
const tests = join(import.meta.dirname, "openCgroups.interop.test.ts");

describe("control groups of version 2", function () {
  this.timeout(180_000);

  it("do all that is tested of control groups, on a kernel that has no others", async () => {
    const command = [process.execPath, "--conditions=source", mocha, "--no-color", tests];
    const { code, output } = await runInKernel(command, { cwd: root, timeoutMs: 150_000 });
    assert.equal(code, 0, output);
    assert.match(output, /\d passing/);
  });
});
