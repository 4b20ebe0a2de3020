import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { GUEST_NODE_OPTIONS } from "./runTests.ts";

const cgroup = join(import.meta.dirname, "../../cgroup");
const mocha = createRequire(import.meta.url).resolve("mocha/bin/mocha.js");

describe("what the guest has of the sdk", function () {
  this.timeout(60_000);

  it("is all that its tests load", async () => {
    const files = ["openCgroups", "cellsInGroups"].map((name) => join(cgroup, `${name}.interop.test.ts`));
    const env = { ...process.env, NODE_OPTIONS: GUEST_NODE_OPTIONS };
    const { stdout } = await promisify(execFile)(process.execPath, [mocha, "--dry-run", ...files], { env });
    assert.match(stdout, /[1-9]\d* passing/);
  });
});
