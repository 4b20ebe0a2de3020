import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ask } from "../testing/ask.ts";
import { makeTemporary } from "../testing/makeFolder.ts";
import { TestRunner } from "../testing/TestRunner.ts";
import { throttledIn } from "../testing/throttledIn.ts";
import type { Cgroups } from "./Cgroups.ts";
import { openCgroups } from "./openCgroups.ts";

const MIB = 1024 * 1024;

describe("control groups of cells", function () {
  this.timeout(60_000);
  let home: string;
  let recordPath: string;
  let cgroups: Cgroups;
  const directories = (): string[] => JSON.parse(readFileSync(recordPath, "utf8")).directories;

  before(async () => {
    home = await makeTemporary();
    recordPath = join(home, "cgroups.json");
    cgroups = await openCgroups({ nodeId: 9, recordPath });
    assert.notEqual(cgroups.memory, "none", cgroups.notes.join());
  });
  after(async () => {
    await cgroups.close();
    await rm(home, { recursive: true, force: true });
  });

  it("end a cell that eats memory, and say so; its neighbour answers all the while", async () => {
    const test = await TestRunner.create({ sandbox: "bwrap", cgroups });
    try {
      assert.equal(test.runner.enforces.memory, cgroups.memory);
      const hog = await test.worker(`const kept = []; export default { async fetch() {
        for (let i = 0; i < 400; i++) { kept.push(new Uint8Array(${MIB}).fill(1)); await scheduler.wait(1); }
        return new Response("still here") } }`);
      const neighbour = await test.worker("export default { fetch() { return new Response('here') } }");
      const answer = ask(hog.socketPath, { path: "/" }).catch((error: Error) => error);
      let isOver = false;
      void hog.gone.then(() => {
        isOver = true;
      });
      let asked = 0;
      for (; !isOver; asked += 1) {
        assert.equal((await ask(neighbour.socketPath, { path: "/" })).body, "here");
      }
      assert.ok(asked > 0);
      const { reason, limit, signal, outOfMemory } = await hog.gone;
      assert.deepEqual(
        { reason, limit, signal, outOfMemory },
        { reason: "killed", limit: "MEMORY_LIMIT", signal: "SIGKILL", outOfMemory: true },
      );
      assert.ok((await answer) instanceof Error);
      assert.equal((await neighbour.stop({ graceMs: 5_000 })).outOfMemory, false);
      for (const directory of directories()) {
        assert.equal(existsSync(join(directory, hog.id)), false, directory);
        assert.equal(existsSync(join(directory, neighbour.id)), false, directory);
      }
    } finally {
      await test.close();
    }
  });

  it("hold up no cell of one core at its start and its first requests", async () => {
    const test = await TestRunner.create({ sandbox: "bwrap", cgroups });
    try {
      const cell = await test.worker("export default { fetch() { return new Response('here') } }");
      for (let i = 0; i < 10; i++) assert.equal((await ask(cell.socketPath, { path: "/" })).body, "here");
      assert.equal(throttledIn(directories(), cell.id), 0);
    } finally {
      await test.close();
    }
  });
});
