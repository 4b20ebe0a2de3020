import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { identifyProcess } from "../../process/processIdentity.ts";
import { pidOf } from "../../testing/pidOf.ts";
import { until } from "../../testing/until.ts";
import { startCpuClock } from "./cpuClock.ts";

/** Works for as many ms of CPU time as a line on its input says, then tells what it used since its start. */
const BUSY = `
  process.stdin.on("data", (line) => {
    const before = process.cpuUsage();
    const used = () => { const { user, system } = process.cpuUsage(before); return (user + system) / 1000; };
    while (used() < Number(line));
    process.stdout.write(used() + "\\n");
  });
  process.stdout.write("ready\\n");
`;

describe("startCpuClock", () => {
  let child: ChildProcess;
  beforeEach(async () => {
    child = spawn(process.execPath, ["-e", BUSY], { stdio: ["pipe", "pipe", "inherit"] });
    assert.ok(child.stdout);
    await once(child.stdout, "data");
  });
  afterEach(() => child.kill("SIGKILL"));

  it("counts what a process uses from now on, and keeps the last figure after its end", async () => {
    const identity = identifyProcess(pidOf(child));
    assert.ok(identity && child.stdin && child.stdout);
    child.stdin.write("100\n");
    await once(child.stdout, "data");
    const clock = startCpuClock(identity);
    assert.ok(clock() < 20, "time before the start is not counted");

    child.stdin.write("200\n");
    const [told] = await once(child.stdout, "data");
    const used = clock();
    // What it says of itself, to the tick, and what it used to say it.
    const toldMs = Number(String(told));
    assert.ok(used >= toldMs - 20 && used < toldMs + 100, `${used} ms for ${toldMs}`);
    assert.equal(used, Math.floor(used));

    child.kill("SIGKILL");
    await once(child, "exit");
    await until("its pid is free", () => identifyProcess(identity.pid) === undefined);
    assert.ok(clock() >= used);
    assert.equal(clock(), clock());
  });

  it("shows nothing of a stranger with the same pid", () => {
    const identity = identifyProcess(pidOf(child));
    assert.ok(identity);
    assert.equal(startCpuClock({ ...identity, startTime: "1" })(), 0);
  });
});
