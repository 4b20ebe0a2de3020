import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createProcesses, type Processes } from "./createProcesses.ts";
import { MARK, markedProcesses } from "./testing/markedProcesses.ts";
import { poll } from "./testing/poll.ts";

const shell = (script: string) => ({ file: "/bin/sh", args: ["-c", script] });
/** Ends by SIGKILL only, and so does its child. */
const STUBBORN = "trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & echo up; wait; wait; wait";

describe("the processes of a devnet", () => {
  let processes: Processes;
  let mark: string;
  beforeEach(() => {
    processes = createProcesses();
    mark = randomUUID();
  });
  afterEach(() => {
    for (const { pid } of markedProcesses(mark)) process.kill(pid, "SIGKILL");
  });
  const start = (name: string, script: string, graceMs: number, last = false) =>
    processes.start({
      name,
      graceMs,
      last,
      ...shell(script),
      output: ["pipe", "inherit"],
      env: { ...process.env, [MARK]: mark },
    });

  it("end when told to, the last one last", async () => {
    const ends: string[] = [];
    const chain = start("chain", "sleep 60", 0, true);
    const slow = start(
      "agent",
      "trap 'sleep 0.3; exit 7' TERM; echo up; while :; do sleep 0.1; done",
      60_000,
    );
    for (const own of [chain, slow]) own.ended.then((how) => ends.push(`${own.name}: ${how}`));
    const { stdout } = slow.child;
    assert.ok(stdout);
    await once(stdout, "data"); // the trap is set
    await processes.stopAll();
    assert.deepEqual(ends, ["agent: exit code 7", "chain: SIGKILL"]);
    await poll("nothing is left", () => markedProcesses(mark).length === 0);
  });

  it("are killed with all of their group when they do not end in time", async () => {
    const own = start("agent", STUBBORN, 300);
    await poll("it and its child run", () => markedProcesses(mark).length >= 3);
    await own.stop();
    assert.equal(await own.ended, "SIGKILL");
    await poll("nothing is left", () => markedProcesses(mark).length === 0);
  });

  it("are not started any more once all are stopped", async () => {
    await processes.stopAll();
    assert.throws(() => start("agent", "sleep 60", 0), /not started any more/);
  });

  it("that cannot be started have ended", async () => {
    const nothing = { name: "it", file: "/no/such", args: [], output: ["pipe" as const, "pipe" as const] };
    assert.equal(await processes.start({ ...nothing, graceMs: 0 }).ended, "exit code 127");
  });

  /** A process that starts one by `createProcesses`, and then runs `then`. */
  const spawnStarter = (script: string, graceMs: number, then = "") => {
    const code = `
      const { createProcesses } = await import(${JSON.stringify(import.meta.resolve("./createProcesses.ts"))});
      createProcesses().start({
        name: "it", file: "/bin/sh", args: ["-c", ${JSON.stringify(script)}],
        output: ["inherit", "inherit"], graceMs: ${graceMs},
      });
      ${then}`;
    return spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, [MARK]: mark },
    });
  };

  for (const [what, script, graceMs] of [
    ["one without grace", "echo up; sleep 60", 0],
    ["a stubborn one, after its grace", STUBBORN, 500],
    ["one that is gone already, but left a child", "sleep 60 & echo up; exit 0", 5_000],
  ] as const) {
    it(`do not outlive the process that started them, killed as it may be: ${what}`, async () => {
      const starter = spawnStarter(script, graceMs);
      await once(starter.stdout, "data");
      starter.kill("SIGKILL");
      await poll("nothing is left", () => markedProcesses(mark).length === 0);
    });
  }

  it("do not outlive the process that started them, killed in the very moment of the start", async () => {
    const starter = spawnStarter("sleep 60", 0, 'process.kill(process.pid, "SIGKILL")');
    await once(starter, "exit");
    assert.equal(starter.signalCode, "SIGKILL");
    await poll("nothing is left", () => markedProcesses(mark).length === 0);
  });
});
