import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readProcess } from "../devnet/readProcess.ts";
import { poll } from "../devnet/testing/poll.ts";
import type { Step } from "./chooseSteps.ts";

const shell = (name: string, script: string, more: Omit<Step, "name" | "command"> = {}): Step => ({
  name,
  command: ["/bin/sh", "-c", script],
  ...more,
});

/** Steps are shells; the run is a process of its own, as `npm test` is. */
describe("a run of steps", function () {
  this.timeout(30_000);

  let root: string;
  let child: ChildProcess | undefined;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "run-"));
  });
  afterEach(async () => {
    child?.kill("SIGKILL");
    await rm(root, { recursive: true });
  });

  function start(steps: readonly Step[], ...args: string[]) {
    const run = { command: "npm test", steps, lanes: 2, root };
    const code = `
      const { runSteps } = await import(${JSON.stringify(import.meta.resolve("./runSteps.ts"))});
      process.exit(await runSteps(${JSON.stringify(run)}, ${JSON.stringify(args)}));`;
    const started = spawn(process.execPath, ["--conditions=source", "--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = started;
    const printed = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      started[name].setEncoding("utf8").on("data", (text: string) => {
        printed[name] += text;
      });
    }
    const ended = once(started, "close").then(([exitCode]) => ({ exitCode, ...printed }));
    const printsUp = () => poll("it runs", () => /^up$/m.test(printed.stdout));
    return { started, ended, printsUp };
  }
  const noted = async () => (await readFile(join(root, "notes"), "utf8")).trim().split("\n");

  it("runs all, also after one that failed, and tells of the failure again at the end", async () => {
    const { exitCode, stdout } = await start([
      shell("bad", "echo '  3 passing'; echo '  1 failing'; echo '  1) it: no'; exit 1"),
      shell("good", "echo '  5 passing'"),
    ]).ended;
    assert.equal(exitCode, 1);
    assert.match(stdout, /^=== failed: bad\n1 failing\n\s+1\) it: no\n=== end$/m);
    assert.match(stdout, /^FAIL {2}bad +3 passed, 1 failed {2}\d+ s$/m);
    assert.match(stdout, /^ok {4}nothing outlives the run +1 passed, 0 failed/m);
    assert.match(stdout, /\nin \d+ s\n9 passed, 1 failed\n$/);
  });

  it("does not run what needs a step that failed, and counts it as failed", async () => {
    const { exitCode, stdout } = await start([
      shell("build", "exit 1"),
      shell("tests", "echo ran >> notes", { needs: ["build"] }),
      shell("more tests", "echo ran >> notes", { needs: ["tests"] }),
    ]).ended;
    assert.equal(exitCode, 1);
    assert.match(stdout, /^=== failed: tests\nwas not run, because "build" failed\n=== end$/m);
    assert.match(stdout, /^1 passed, 3 failed$/m);
    await assert.rejects(noted());
  });

  it("runs two side by side, and nothing beside what is to be alone", async () => {
    // Each of the two goes on once it sees the other.
    const meet = (name: string, other: string) =>
      `touch ${name}; until [ -e ${other} ]; do sleep 0.05; done; sleep 0.2; echo ${name} >> notes`;
    const { exitCode } = await start([
      shell("alone", "echo alone >> notes", { alone: true }),
      shell("one", meet("one", "two")),
      shell("two", meet("two", "one")),
    ]).ended;
    assert.equal(exitCode, 0);
    const notes = await noted();
    assert.deepEqual([...notes].sort(), ["alone", "one", "two"]);
    assert.equal(notes.at(-1), "alone");
  });

  it("fails by name when a process outlives it, though all tests passed, and ends that process", async () => {
    const { exitCode, stdout } = await start([
      // It holds the step's output open, too.
      shell("careless", "sleep 600 & echo '  2 passing'"),
      shell("careful", "sleep 0.1 & wait"),
    ]).ended;
    assert.equal(exitCode, 1);
    const [, pid] = /^sleep, pid (\d+), started by "careless": sleep 600$/m.exec(stdout) ?? [];
    assert.ok(pid, stdout);
    assert.equal(readProcess(Number(pid)), undefined);
    assert.match(stdout, /^=== failed: nothing outlives the run$/m);
    assert.match(stdout, /^3 passed, 1 failed$/m);
  });

  it("runs the chosen steps with what they need, prints live, and learns how long they take", async () => {
    const steps = [
      shell("install", "exit 0"),
      shell("Kubo", "exit 0", { needs: ["install"] }),
      shell("geth", "exit 1"),
    ];
    const { exitCode, stdout } = await start(steps, "kubo").ended;
    assert.equal(exitCode, 0);
    assert.match(stdout, /^3 passed, 0 failed$/m);
    const durations = JSON.parse(await readFile(join(root, "cache/test/durations.json"), "utf8"));
    assert.deepEqual(Object.keys(durations).sort(), ["Kubo", "install"]);
  });

  it("only lists the steps when asked", async () => {
    const { exitCode, stdout } = await start(
      [
        shell("build", "echo ran >> notes"),
        shell("tests", "echo ran >> notes", { needs: ["build"], alone: true }),
      ],
      "--list",
    ).ended;
    assert.equal(exitCode, 0);
    assert.match(
      stdout,
      /^build +30 s {2}lane 1, from 0 s\ntests +30 s {2}alone, from 30 s {2}after build\n/,
    );
    await assert.rejects(noted());
  });

  it("says which steps there are, and ends with 2, where one is unknown", async () => {
    const { exitCode, stderr, stdout } = await start([shell("tests", "exit 0")], "tetss").ended;
    assert.deepEqual([exitCode, stdout], [2, ""]);
    assert.match(stderr, /no step "tetss"\. The steps are:\n {2}tests\n\nUsage: npm test /);
  });

  it("gives a step its environment, and our sources", async () => {
    const { exitCode, stdout } = await start([
      shell("it", 'echo "[$WORKER3_TESTS] [$NODE_OPTIONS]"', { env: { WORKER3_TESTS: "whole" } }),
    ]).ended;
    assert.equal(exitCode, 0);
    assert.match(stdout, /^\[whole\] \[--conditions=source\]$/m);
  });

  it("ends what runs when it is told to stop, starts nothing more, and is no success", async () => {
    const steps = [
      shell("long", "sleep 601 & echo up; wait"),
      shell("later", "echo ran >> notes", { needs: ["long"] }),
    ];
    const { started, ended, printsUp } = start(steps, "--lanes", "1");
    await printsUp();
    started.kill("SIGTERM");
    const { exitCode } = await ended;
    assert.equal(exitCode, 1);
    await assert.rejects(noted());
  });
});
