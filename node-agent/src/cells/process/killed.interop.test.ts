import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { childrenOf } from "../../process/childrenOf.ts";
import { until } from "../../testing/until.ts";
import { bwrapSandbox } from "../sandbox/bwrapSandbox.ts";
import { chooseSandbox } from "../sandbox/chooseSandbox.ts";
import { findProgram } from "../sandbox/findProgram.ts";
import type { CellFiles, Sandbox } from "../sandbox/Sandbox.ts";
import { seccompFilter } from "../sandbox/seccomp/seccompFilter.ts";
import { spawnCommand } from "../sandbox/spawnCommand.ts";
import { tryCommand } from "../sandbox/tryCommand.ts";
import { compileConfig } from "../spares/compileConfig.ts";
import { makeTemporary } from "../testing/makeFolder.ts";
import { processesOf } from "../testing/processesOf.ts";
import { workerdBinary } from "../workerdBinary.ts";
import { launch } from "./launch.ts";

/** Moments of a start at which it is killed, again and again: from before bwrap has a child to when its child may serve. */
const TRIES = 40;
/** A start from nothing takes about so long. */
const START_MS = 12;

/** Those that this thread started. */
const own = (): number[] => childrenOf(process.pid);

/** Holds the thread until bwrap has a child that waits to be let go; or for a while. */
function holdUntilItHasAChild(bwrap: number): void {
  const deadline = performance.now() + 2_000;
  while (performance.now() < deadline && childrenOf(bwrap).length === 0);
}

function hold(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

for (const pid1 of ["its own init", "workerd"] as const) {
  describe(`bwrap that ends while it starts, whose pid 1 is ${pid1}`, function () {
    this.timeout(60_000);
    let home: string;
    let sandbox: Sandbox;
    before(async function () {
      const workerd = workerdBinary().path;
      ({ sandbox } = await chooseSandbox({ only: "bwrap", workerd }));
      if (pid1 === "its own init") return sandbox.hasInit ? undefined : this.skip();
      const bwrap = (await findProgram("bwrap")) ?? assert.fail("bwrap is not installed");
      if (sandbox.hasInit)
        sandbox = bwrapSandbox({ bwrap, workerd, filter: seccompFilter(process.arch as "x64") });
    });
    const files = (): CellFiles => ({
      folder: join(home, "folder"),
      config: join(home, "config"),
      sockets: home,
    });
    beforeEach(async () => {
      home = await makeTemporary();
      mkdirSync(join(home, "folder"));
      writeFileSync(join(home, "config"), "");
    });
    afterEach(() => rm(home, { recursive: true, force: true }));

    const nothingIsLeft = () =>
      until("the end of all", () => processesOf(home).length === 0, { timeoutMs: 5_000 });

    /** Starts something, and ends it at one moment after the other. */
    async function killAtEachMoment(
      start: () => { readonly kill: () => unknown; readonly ended: Promise<unknown> },
      { lastMs = START_MS }: { lastMs?: number } = {},
    ): Promise<void> {
      for (let n = 0; n < TRIES; n++) {
        const known = own();
        const { kill, ended } = start();
        const bwrap = await until("bwrap", () => own().find((pid) => !known.includes(pid)));
        holdUntilItHasAChild(bwrap);
        if (n % 2 === 1) hold((n / TRIES) * lastMs);
        kill();
        await ended;
      }
      await nothingIsLeft();
    }

    it("leaves nothing of what compiles a configuration", () =>
      killAtEachMoment(() => {
        const stop = new AbortController();
        const ended = compileConfig({
          sandbox,
          directory: home,
          folder: join(home, "folder"),
          text: `using Workerd = import "/workerd/workerd.capnp"; const config :Workerd.Config = ();`,
          signal: stop.signal,
        }).catch(() => undefined);
        return { kill: () => stop.abort(), ended };
      }));

    it("leaves nothing of a cell or a spare", async () => {
      const log = await open(join(home, "log"), "a");
      await killAtEachMoment(() => {
        const launched = launch({
          command: sandbox.command(["serve", "--binary", "-"], files()),
          reportsPid: true,
          hasInit: sandbox.hasInit,
          logFd: log.fd,
          takesInput: true,
          sockets: 1,
        });
        return { kill: () => launched.kill(), ended: launched.exit };
      });
      await log.close();
    });

    it("leaves nothing where somebody else kills it before its child runs", async () => {
      const log = await open(join(home, "log"), "a");
      await killAtEachMoment(
        () => {
          const { child } = spawnOnly(log.fd, "pipe");
          return { kill: () => child.kill("SIGKILL"), ended: once(child, "exit") };
        },
        { lastMs: 0 },
      );
      await log.close();
    });

    it("leaves nothing where it fails before its child runs", async () => {
      const log = await open(join(home, "log"), "a");
      for (let n = 0; n < 10; n++) {
        // It cannot tell who its child is.
        const { child } = spawnOnly(log.fd, "ignore");
        const [code] = await once(child, "exit");
        assert.equal(code, 1);
      }
      await log.close();
      await nothingIsLeft();
    });

    const spawnOnly = (logFd: number, info: "pipe" | "ignore") =>
      spawnCommand(sandbox.command(["serve", "--binary", "-"], files()), [
        ...(["pipe", logFd, logFd, "ignore"] as const),
        info,
        "pipe",
      ]);

    it("leaves nothing of a trial that takes too long", async () => {
      for (let n = 0; n < 10; n++) {
        const problem = await tryCommand(sandbox.command(["serve", "--binary", "-"], files()), {
          timeoutMs: n,
        });
        assert.ok(problem !== undefined);
      }
      await until("the end of all", () => commandsNaming(home).length === 0, { timeoutMs: 5_000 });
    });
  });
}

/** Pids of the processes whose command names a path. */
function commandsNaming(path: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(path);
      } catch {
        return false;
      }
    });
}
