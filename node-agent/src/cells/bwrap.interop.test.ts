import assert from "node:assert/strict";
import { readdirSync, readlinkSync } from "node:fs";
import { cellContract } from "./cellContract.test.ts";
import { TestRunner } from "./testing/TestRunner.ts";

cellContract("bwrap");

describe("a cell in bwrap", () => {
  it("sees its own files and processes only", async () => {
    const test = await TestRunner.create();
    try {
      assert.equal(test.runner.enforces.bound, "bwrap");
      const { pid } = await test.worker("export default { fetch() { return new Response() } }");
      const root = `/proc/${pid}/root`;
      const system = ["dev", "etc", "lib", "lib64", "proc", "tmp", "usr"];
      assert.deepEqual(
        readdirSync(root).sort(),
        ["cell.capnp", "deployment", "s", "workerd", ...system].sort(),
      );
      assert.deepEqual(
        readdirSync(`${root}/proc`).filter((name) => /^\d+$/.test(name)),
        ["1"],
      );
      assert.deepEqual(readdirSync(`${root}/tmp`), []);
      for (const namespace of ["pid", "mnt", "ipc", "uts", "user"]) {
        const own = readlinkSync(`/proc/self/ns/${namespace}`);
        assert.notEqual(readlinkSync(`/proc/${pid}/ns/${namespace}`), own);
      }
    } finally {
      await test.close();
    }
  });
});
