import assert from "node:assert/strict";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cellContract } from "./cellContract.test.ts";
import { findProgram } from "./sandbox/findProgram.ts";
import { makeTemporary } from "./testing/makeFolder.ts";
import { processesOf } from "./testing/processesOf.ts";
import { rejectsCode } from "./testing/rejectsCode.ts";
import { TestRunner } from "./testing/TestRunner.ts";

cellContract("pdeathsig");
cellContract("none");

describe("createCellRunner", () => {
  it("takes the best that is installed, and tells what is missing", async () => {
    const test = await TestRunner.create();
    try {
      const { bound, notes } = test.runner.enforces;
      const bwrap = await findProgram("bwrap");
      assert.equal(
        notes.includes(
          "bwrap is not installed: cells are not in a sandbox and can read what the agent's user can",
        ),
        bwrap === undefined,
      );
      if (bwrap === undefined) assert.equal(bound, "pdeathsig");
    } finally {
      await test.close();
    }
  });

  it("refuses a directory below which no socket has room, and takes the longest that has", async () => {
    const home = await makeTemporary();
    try {
      const longest = join(home, "d".repeat(107 - "/01234567/s/t".length - home.length - 1));
      await mkdir(longest);
      const tooLong = `${longest}d`;
      const error = await rejectsCode(TestRunner.create({ directory: tooLong }), "CELL_DIRECTORY_TOO_LONG");
      assert.equal(error.value, tooLong);
      assert.match(error.message, /1 bytes too long/);
      const test = await TestRunner.create({ directory: longest, sandbox: "none" });
      const cell = await test.worker("export default { fetch() { return new Response() } }");
      assert.equal(Buffer.byteLength(cell.socketPath), 107);
      await test.close();
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it("gives up a cell that is not ready in time, and leaves nothing of it", async () => {
    const test = await TestRunner.create({ startTimeoutMs: 300 });
    try {
      await rejectsCode(test.worker("while (true);"), "CELL_START_TIMEOUT");
      assert.deepEqual(processesOf(test.home), []);
    } finally {
      await test.close();
    }
  });
});
