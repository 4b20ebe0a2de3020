import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pollUntil } from "../../process/pollUntil.ts";
import { identifyProcess, isRunning } from "../../process/processIdentity.ts";
import { isCellId } from "../records/cellDirectories.ts";
import { ask } from "../testing/ask.ts";
import { makeTemporary } from "../testing/makeFolder.ts";
import { SLOWNESS } from "../testing/slowness.ts";
import { TestRunner } from "../testing/TestRunner.ts";
import { throttledIn } from "../testing/throttledIn.ts";
import type { Cgroups } from "./Cgroups.ts";
import { openCgroups } from "./openCgroups.ts";

const MIB = 1024 * 1024;
/** So that who asks leaves a machine of one processor to who is asked. */
const ASK_EVERY_MS = 20;
const HELLO = "export default { fetch() { return new Response('here') } }";

/** What `TEST_LIMITS` are in the files of a group, by its version. */
const MEMORY_BYTES = String((1.5 * 128 + 128) * MIB);
const LIMIT_FILES = {
  memory: {
    cgroup1: { "memory.limit_in_bytes": MEMORY_BYTES },
    cgroup2: { "memory.max": MEMORY_BYTES, "memory.oom.group": "1" },
  },
  cpu: {
    cgroup1: { "cpu.shares": "1024", "cpu.cfs_period_us": "100000", "cpu.cfs_quota_us": "100000" },
    cgroup2: { "cpu.weight": "100", "cpu.max": "100000 100000" },
  },
  pids: { cgroup1: { "pids.max": "128" }, cgroup2: { "pids.max": "128" } },
} as const;

/** `cgroup2.interop.test.ts` runs this again where there is version 2 only, on an emulated processor. */
describe("control groups of cells", function () {
  this.timeout(60_000 * SLOWNESS);
  let home: string;
  let recordPath: string;
  let cgroups: Cgroups;
  let test: TestRunner;

  before(async () => {
    home = await makeTemporary();
    recordPath = join(home, "cgroups.json");
    cgroups = await openCgroups({ nodeId: 9, recordPath });
    for (const controller of ["memory", "cpu", "pids"] as const) {
      assert.notEqual(cgroups[controller], "none", `${controller}: ${cgroups.notes.join()}`);
    }
    test = await TestRunner.create({ sandbox: "bwrap", cgroups });
  });
  after(async () => {
    await test?.close();
    await cgroups.close();
    await rm(home, { recursive: true, force: true });
  });

  it("end a cell that eats memory, and say so; its neighbour answers all the while", async () => {
    assert.equal(test.runner.enforces.memory, cgroups.memory);
    const hog = await test.worker(`const kept = []; export default { async fetch() {
      for (let i = 0; i < 100; i++) { kept.push(new Uint8Array(${4 * MIB}).fill(1)); await scheduler.wait(1); }
      return new Response("still here") } }`);
    const neighbour = await test.worker(HELLO);
    const answer = ask(hog.socketPath, { path: "/" }).catch((error: Error) => error);
    let isOver = false;
    void hog.gone.then(() => {
      isOver = true;
    });
    let asked = 0;
    for (; !isOver; asked += 1) {
      assert.equal((await ask(neighbour.socketPath, { path: "/" })).body, "here");
      await delay(ASK_EVERY_MS);
    }
    assert.ok(asked > 0);
    const { reason, limit, signal, outOfMemory } = await hog.gone;
    assert.deepEqual(
      { reason, limit, signal, outOfMemory },
      { reason: "killed", limit: "MEMORY_LIMIT", signal: "SIGKILL", outOfMemory: true },
    );
    assert.ok((await answer) instanceof Error);
    assert.equal((await neighbour.stop({ graceMs: 5_000 })).outOfMemory, false);
    assert.deepEqual(groupsOf(recordPath, hog.id), []);
    assert.deepEqual(groupsOf(recordPath, neighbour.id), []);
  });

  it("hold a cell to what the node gives, and have its process in them", async () => {
    const cell = await test.worker(HELLO);
    const groups = groupsOf(recordPath, cell.id);
    const files = {
      ...filesFor("memory", cgroups.memory),
      ...filesFor("cpu", cgroups.cpu),
      ...filesFor("pids", cgroups.pids),
    };
    const found = Object.keys(files).map((name) => [name, readIn(groups, name)]);
    assert.deepEqual(Object.fromEntries(found), files);
    for (const group of groups) {
      assert.ok(readIn([group], "cgroup.procs").split("\n").includes(String(cell.pid)), group);
    }
    await cell.stop({ graceMs: 5_000 });
    assert.deepEqual(groupsOf(recordPath, cell.id), []);
  });

  if (SLOWNESS === 1) {
    it("hold up no cell of one core at its start and its first requests", async () => {
      const cell = await test.worker(HELLO);
      for (let i = 0; i < 10; i++) assert.equal((await ask(cell.socketPath, { path: "/" })).body, "here");
      assert.equal(throttledIn(directoriesOf(recordPath), cell.id), 0);
      await cell.stop({ graceMs: 5_000 });
    });
  } else {
    it("are not asked whether they hold up a cell at its start: an emulated processor is too slow to tell", () => {
      assert.match(readFileSync("/proc/cpuinfo", "utf8"), /^model name\s*: QEMU TCG CPU/m);
    });
  }

  it("stay when the agent is killed, without the cell; the next agent removes them", async () => {
    const spec = await test.spec(
      { main: "i.js", modules: { "i.js": "esm" }, compatibilityDate: "2026-11-01" },
      { "worker/i.js": HELLO },
    );
    // The agent is alone in a group of its own, as a service is.
    const limits = { memoryBytes: 1024 * MIB, pids: 512, cpuWeight: 100, cpuCores: 2 };
    const service = await cgroups.create("0d0d0d0d", limits);
    try {
      const directory = join(home, "cells");
      const record = join(home, "killed.json");
      const script = fileURLToPath(new URL("../testing/agent.ts", import.meta.url));
      const { file, args } = service.wrap({
        file: process.execPath,
        args: ["--conditions=source", script, directory, spec.folder, "bwrap", "0", record],
      });
      const agent = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
      const exited = once(agent, "exit");
      const [said] = await Promise.race([once(agent.stdout, "data"), exited]);
      const cell = identifyProcess(Number(said));
      assert.ok(cell && isRunning(cell), `the agent starts no cell: ${said}`);
      const [id = ""] = readdirSync(directory).filter(isCellId);
      const groups = groupsOf(record, id);
      assert.ok(groups.length > 0);

      agent.kill("SIGKILL");
      await exited;
      assert.ok(await pollUntil(() => !isRunning(cell), { timeoutMs: 2_000 * SLOWNESS }));
      assert.deepEqual(groupsOf(record, id), groups);
      const left = directoriesOf(record);

      const next = await openCgroups({ nodeId: 1, recordPath: record });
      const runner = await TestRunner.create({ sandbox: "bwrap", cgroups: next, directory });
      try {
        assert.deepEqual(left.filter(existsSync), []);
        assert.deepEqual(readdirSync(directory), []);
      } finally {
        await runner.close();
        await next.close();
      }
    } finally {
      await service.remove();
    }
  });

  it("go with their agent", async () => {
    const groups = directoriesOf(recordPath);
    assert.ok(groups.length > 0 && groups.every(existsSync), groups.join());
    await test.close();
    await cgroups.close();
    assert.deepEqual(groups.filter(existsSync), []);
  });
});

type Controller = keyof typeof LIMIT_FILES;

function filesFor(controller: Controller, kind: Cgroups[Controller]): Readonly<Record<string, string>> {
  return kind === "none" ? {} : LIMIT_FILES[controller][kind];
}

/** The groups of an agent that its record names, one in each hierarchy. */
function directoriesOf(recordPath: string): string[] {
  return JSON.parse(readFileSync(recordPath, "utf8")).directories;
}

/** Those of its cell. */
function groupsOf(recordPath: string, cellId: string): string[] {
  return directoriesOf(recordPath)
    .map((directory) => join(directory, cellId))
    .filter(existsSync);
}

function readIn(groups: readonly string[], name: string): string {
  const path = groups.map((group) => join(group, name)).find(existsSync);
  assert.ok(path !== undefined, `no ${name} in ${groups.join()}`);
  return readFileSync(path, "utf8").trim();
}
