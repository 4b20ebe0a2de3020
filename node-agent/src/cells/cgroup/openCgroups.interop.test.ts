import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { identifyProcess, isRunning } from "../../process/processIdentity.ts";
import { makeTemporary } from "../testing/makeFolder.ts";
import { SLOWNESS } from "../testing/slowness.ts";
import { throttledIn } from "../testing/throttledIn.ts";
import type { Cgroups } from "./Cgroups.ts";
import { openCgroups } from "./openCgroups.ts";

const run = promisify(execFile);
const MIB = 1024 * 1024;
const LIMITS = { memoryBytes: 200 * MIB, pids: 64, cpuWeight: 100, cpuCores: 1 };

/** `cgroup2.interop.test.ts` runs this again where there is version 2 only, on an emulated processor. */
describe("control groups", function () {
  this.timeout(60_000 * SLOWNESS);
  let home: string;
  let recordPath: string;
  let cgroups: Cgroups;

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

  it("let burners on all cores use no more CPU time than their quota", async () => {
    // So little that it is the quota that holds them, and not the others on a busy machine.
    const cpuCores = 0.1;
    const group = await cgroups.create("0c0c0c0c", { ...LIMITS, cpuCores });
    try {
      const burn = `use Time::HiRes "time"; my $until = time + 2;
        for (1..4) { next if fork; 1 while time < $until; exit } 1 while wait > 0; my @t = times; print $t[2] + $t[3]`;
      const { file, args } = group.wrap({ file: "/usr/bin/perl", args: ["-e", burn] });
      const from = performance.now();
      const usedSeconds = Number((await run(file, args)).stdout);
      const wallSeconds = (performance.now() - from) / 1000;
      assert.ok(usedSeconds > 0.05, `${usedSeconds} s are too few to tell`);
      // A core's share of a tick, and what was saved up in one period.
      assert.ok(usedSeconds < cpuCores * wallSeconds + 0.1, `${usedSeconds} s in ${wallSeconds} s`);
      assert.ok(throttledIn(groupsOf(recordPath), "0c0c0c0c") > 0);
    } finally {
      await group.remove();
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

  it("end what eats memory, with all of its group, and say so", async () => {
    const group = await cgroups.create("0e0e0e0e", { ...LIMITS, memoryBytes: 64 * MIB });
    try {
      const { file, args } = group.wrap({
        file: "/usr/bin/perl",
        // At once: what takes it by and by may spend minutes on reading its own program's pages again instead.
        args: ["-e", `my $kept = "x" x ${400 * MIB}; print "still here"`],
      });
      const end = await run(file, args).catch((error: { signal: string }) => error.signal);
      assert.equal(end, "SIGKILL");
      assert.ok(group.oomKills() > 0);
    } finally {
      await group.remove();
    }
  });

  it("go with the start of the next agent, with whoever is still in them; others' stay", async () => {
    // Alone in a group of its own, as a service is.
    const service = await cgroups.create("0d0d0d0d", { ...LIMITS, memoryBytes: 512 * MIB });
    const record = join(home, "killed.json");
    const script = fileURLToPath(new URL("../testing/cgroupAgent.ts", import.meta.url));
    const { file, args } = service.wrap({
      file: process.execPath,
      args: ["--conditions=source", "--no-warnings", script, record],
    });
    const agent = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
    const exited = once(agent, "exit");
    const [pid] = await once(agent.stdout, "data");
    const cell = identifyProcess(Number(pid));
    assert.ok(cell);
    agent.kill("SIGKILL");
    await exited;
    assert.ok(isRunning(cell));
    const before = groupsOf(record);
    assert.ok(before.length > 0 && before.every(existsSync), before.join());
    const theirs = join(dirname(before[0] ?? ""), "w3test-somebody-else");
    mkdirSync(theirs);
    try {
      // Its record came to name what is not its own.
      writeFileSync(record, JSON.stringify({ directories: [...before, theirs] }));
      const next = await openCgroups({ nodeId: 8, recordPath: record });
      await next.close();
      assert.equal(isRunning(cell), false);
      for (const directory of before) assert.equal(existsSync(directory), false, directory);
      assert.ok(existsSync(theirs));
    } finally {
      rmdirSync(theirs);
      await service.remove();
    }
  });

  it("go with their agent", async () => {
    const now = groupsOf(recordPath);
    await cgroups.close();
    for (const directory of now) assert.equal(existsSync(directory), false, directory);
  });
});

function groupsOf(recordPath: string): string[] {
  return JSON.parse(readFileSync(recordPath, "utf8")).directories;
}
