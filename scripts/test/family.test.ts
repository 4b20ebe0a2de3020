import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import type { ProcessInfo } from "../devnet/readProcess.ts";
import { type Family, type FamilyWatch, growFamily, kill, type Member, watchFamily } from "./family.ts";

/** pid, parent, and where it differs from the pid: group, session. */
function row(
  pid: number,
  parentPid: number,
  more: Partial<Pick<ProcessInfo, "group" | "session" | "startTime">> = {},
): ProcessInfo {
  return { pid, parentPid, group: pid, session: pid, startTime: "1", command: [`program ${pid}`], ...more };
}

describe("growFamily", () => {
  const step = (pid: number) => (pid === 10 ? "cells" : undefined);
  const pids = (family: Family) => [...family.keys()].sort((a, b) => a - b);
  const nobody = () => undefined;

  it("takes what is marked, with all below it, in whatever order they are listed", () => {
    const family = growFamily(new Map(), [row(30, 20), row(20, 10), row(10, 1), row(40, 1)], step);
    assert.deepEqual(pids(family), [10, 20, 30]);
    assert.equal(family.get(30)?.step, "cells");
  });

  it("keeps one without a mark whose parent has ended", () => {
    const first = growFamily(new Map(), [row(10, 1), row(20, 10)], step);
    assert.deepEqual(pids(growFamily(first, [row(20, 1)], nobody)), [20]);
  });

  for (const what of ["group", "session"] as const) {
    it(`finds one that was never seen below its parent by its ${what}, also when all others in it have ended`, () => {
      const first = growFamily(new Map(), [row(10, 1)], step);
      const orphan = row(30, 1, what === "group" ? { group: 10, session: 5 } : { group: 30, session: 10 });
      const second = growFamily(first, [orphan], nobody);
      assert.ok(second.has(30));
      const third = growFamily(
        second,
        [row(40, 1, { group: 40, session: orphan.session, startTime: "9" }), orphan],
        nobody,
      );
      assert.ok(third.has(30));
    });
  }

  it("does not take a stranger for a member because it has the pid of one that ended", () => {
    const first = growFamily(new Map(), [row(10, 1), row(20, 10)], step);
    const second = growFamily(first, [row(20, 1, { startTime: "7" }), row(30, 20)], nobody);
    assert.deepEqual(pids(second), []);
  });

  it("forgets who ended and leads nobody", () => {
    const first = growFamily(new Map(), [row(10, 1), row(20, 10)], step);
    assert.deepEqual(pids(growFamily(first, [row(5, 1)], nobody)), []);
  });
});

/** Real processes: a shell that starts others, as a step of a run would. */
describe("watchFamily", () => {
  let watch: FamilyWatch;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    watch = watchFamily(randomUUID());
  });
  afterEach(async () => {
    for (const member of watch.look()) kill(member);
    await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, "exit")));
    children.length = 0;
    watch.stop();
  });

  /** A step that has started its processes once it says so. */
  async function startStep(name: string, script: string): Promise<ChildProcess> {
    const child = spawn("/bin/sh", ["-c", script], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...watch.markOf(name) },
    });
    children.push(child);
    await once(child.stdout, "data");
    return child;
  }
  const programs = (members: readonly Member[]) => members.map(({ command }) => command.join(" ")).sort();

  it("finds what a step left behind by the mark, and says which step it was", async () => {
    const step = await startStep("the careless one", "sleep 301 & sleep 302 & echo up; exit 0");
    await once(step, "exit");
    // A shell that has forked is a shell until it becomes what it was told to run.
    while (programs(watch.look()).some((command) => command.startsWith("/bin/sh")))
      await new Promise((resolve) => setTimeout(resolve, 10));
    const left = await watch.left(0);
    assert.deepEqual(programs(left), ["sleep 301", "sleep 302"]);
    assert.deepEqual(new Set(left.map((member) => member.step)), new Set(["the careless one"]));
  });

  it("finds what was started without the mark, in a session of its own, after its parent has ended", async () => {
    const step = await startStep("cells", "env -i setsid sleep 303 & echo up; read -r _ || sleep 5");
    while (!programs(watch.look()).includes("sleep 303"))
      await new Promise((resolve) => setTimeout(resolve, 10));
    step.kill("SIGKILL");
    await once(step, "exit");
    assert.ok(programs(await watch.left(0)).includes("sleep 303"));
  });

  it("finds a sandbox of this checkout that lost its parent before anybody looked", () => {
    const path = join(import.meta.dirname, "a workerd");
    const sandbox = `exec -a /usr/bin/bwrap sh -c "sleep 305; :" "$0"`;
    spawnSync("/bin/sh", ["-c", `env -i setsid bash -c '${sandbox}' "$0" > /dev/null 2>&1 &`, path]);
    const found = () => watch.look().find(({ command }) => command.includes(path));
    const deadline = performance.now() + 10_000;
    while (found()?.command[0] !== "/usr/bin/bwrap") assert.ok(performance.now() < deadline);
    assert.equal(found()?.step, "some test");
  });

  it("waits for those that are about to end, and no longer", async () => {
    const step = await startStep("it", "sleep 0.5 & echo up; exit 0");
    await once(step, "exit");
    assert.deepEqual(await watch.left(20_000), []);
  });

  it("takes nothing of another run, but knows that there is one", async () => {
    const other = watchFamily(randomUUID());
    try {
      await startStep("it", "echo up; sleep 304");
      assert.equal(watch.look().length > 0, true);
      assert.deepEqual(other.look(), []);
      assert.equal(other.hasNeighbour(), true);
    } finally {
      other.stop();
    }
  });
});
