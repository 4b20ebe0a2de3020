import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { until } from "../../testing/until.ts";
import { ask } from "../testing/ask.ts";
import { makeTemporary } from "../testing/makeFolder.ts";
import { TestRunner } from "../testing/TestRunner.ts";
import type { Cgroups } from "./Cgroups.ts";
import { openCgroups } from "./openCgroups.ts";

const run = promisify(execFile);
const MIB = 1024 * 1024;
const LIMITS = { memoryBytes: 200 * MIB, pids: 64, cpuWeight: 100, cpuCores: 1 };

describe("control groups of cells", function () {
  this.timeout(60_000);
  let home: string;
  let recordPath: string;
  let cgroups: Cgroups;
  const directories = (): string[] => JSON.parse(readFileSync(recordPath, "utf8")).directories;
  /** In how many periods a group had to wait for its next share of CPU time. */
  function throttledIn(cellId: string): number {
    const path = directories()
      .map((directory) => join(directory, cellId, "cpu.stat"))
      .find(existsSync);
    assert.ok(path);
    const stat = readFileSync(path, "utf8");
    const [, count] = /^nr_throttled (\d+)$/m.exec(stat) ?? [];
    assert.ok(count, stat);
    return Number(count);
  }

  before(async () => {
    home = await makeTemporary();
    recordPath = join(home, "cgroups.json");
    cgroups = await openCgroups({ nodeId: 7, recordPath });
    assert.notEqual(cgroups.memory, "none", cgroups.notes.join());
    assert.notEqual(cgroups.pids, "none", cgroups.notes.join());
    assert.notEqual(cgroups.cpu, "none", cgroups.notes.join());
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

  it("let burners on all cores use no more CPU time than their quota", async () => {
    const cpuCores = 0.25;
    const group = await cgroups.create("0c0c0c0c", { ...LIMITS, cpuCores });
    try {
      const burn = `use Time::HiRes "time"; my $until = time + 2;
        for (1..4) { next if fork; 1 while time < $until; exit } 1 while wait > 0; my @t = times; print $t[2] + $t[3]`;
      const { file, args } = group.wrap({ file: "/usr/bin/perl", args: ["-e", burn] });
      const from = performance.now();
      const usedSeconds = Number((await run(file, args)).stdout);
      const wallSeconds = (performance.now() - from) / 1000;
      assert.ok(usedSeconds > 0.1, `${usedSeconds} s are too few to tell`);
      // A core's share of a tick, and what was saved up in one period.
      assert.ok(usedSeconds < cpuCores * wallSeconds + 0.1, `${usedSeconds} s in ${wallSeconds} s`);
      assert.ok(throttledIn("0c0c0c0c") > 0);
    } finally {
      await group.remove();
    }
  });

  it("hold up no cell of one core at its start and its first requests", async () => {
    const test = await TestRunner.create({ sandbox: "bwrap", cgroups });
    try {
      const cell = await test.worker("export default { fetch() { return new Response('here') } }");
      for (let i = 0; i < 10; i++) assert.equal((await ask(cell.socketPath, { path: "/" })).body, "here");
      assert.equal(throttledIn(cell.id), 0);
    } finally {
      await test.close();
    }
  });

  it("stop a fork bomb at its limit, and what starts beside it starts", async () => {
    const group = await cgroups.create("f0f0f0f0", { ...LIMITS, pids: 20 });
    try {
      const bomb =
        "my $n = 0; while (1) { my $p = fork; last unless defined $p; if (!$p) { sleep 20; exit } $n++ } print $n; kill 9, -getpgrp";
      const { file, args } = group.wrap({
        file: "/usr/bin/setsid",
        args: ["/usr/bin/perl", "-e", `$| = 1; ${bomb}`],
      });
      const failed = await run(file, args).then(
        ({ stdout }) => stdout,
        (error: { stdout: string }) => error.stdout,
      );
      assert.ok(Number(failed) > 0 && Number(failed) < 20, failed);
      assert.equal((await run("/bin/echo", ["fine"])).stdout, "fine\n");
    } finally {
      await group.remove();
    }
  });

  it("hold a cell from its first instruction on", async () => {
    const group = await cgroups.create("0a0a0a0a", LIMITS);
    try {
      const { file, args } = group.wrap({ file: "/bin/cat", args: ["/proc/self/cgroup"] });
      assert.match((await run(file, args)).stdout, /w3-7-[0-9a-f]{6}\/0a0a0a0a/);
    } finally {
      await group.remove();
    }
  });

  it("go with the start of the next agent, with whoever is still in them; others' stay", async () => {
    const [first = ""] = directories();
    const before = directories();
    const group = await cgroups.create("0b0b0b0b", LIMITS);
    const { file, args } = group.wrap({ file: "/bin/sleep", args: ["60"] });
    const left = run(file, args).catch((error: { signal: string }) => error.signal);
    await until("it is in", () => readFileSync(join(first, "0b0b0b0b", "cgroup.procs"), "utf8") !== "");
    const theirs = join(dirname(first), "w3test-somebody-else");
    mkdirSync(theirs);
    try {
      // The agent was killed, and its record came to name what is not its own.
      writeFileSync(recordPath, JSON.stringify({ directories: [...before, theirs] }));
      cgroups = await openCgroups({ nodeId: 7, recordPath });
      assert.equal(await left, "SIGKILL");
      for (const directory of before) assert.equal(existsSync(directory), false, directory);
      assert.ok(existsSync(theirs));
    } finally {
      rmdirSync(theirs);
    }
    const now = directories();
    await cgroups.close();
    for (const directory of now) assert.equal(existsSync(directory), false, directory);
  });
});
