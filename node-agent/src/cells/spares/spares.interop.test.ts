import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { childrenOf } from "../../process/childrenOf.ts";
import { pollUntil } from "../../process/pollUntil.ts";
import { identifyProcess, isRunning } from "../../process/processIdentity.ts";
import { readProcessStat } from "../../process/readProcessStat.ts";
import { until } from "../../testing/until.ts";
import type { CellSpec } from "../Cell.ts";
import { isCellId } from "../records/cellDirectories.ts";
import { ask } from "../testing/ask.ts";
import { processesOf } from "../testing/processesOf.ts";
import { rejectsCode } from "../testing/rejectsCode.ts";
import { TestRunner } from "../testing/TestRunner.ts";

const WORKER = { main: "i.js", modules: { "i.js": "esm" }, compatibilityDate: "2026-11-01" };

/** Pids in the records of processes that are nobody's yet. */
function waitingPids(cells: string): number[] {
  return readdirSync(cells)
    .filter(isCellId)
    .flatMap((name) => {
      try {
        const record = JSON.parse(readFileSync(join(cells, name, "record.json"), "utf8")) as Record<
          string,
          unknown
        >;
        return record.projectId === "0" ? [Number(record.pid)] : [];
      } catch {
        return [];
      }
    });
}

describe("spare processes", () => {
  let test: TestRunner;
  let cells: string;
  beforeEach(async () => {
    test = await TestRunner.create({ sandbox: "bwrap", spares: 1 });
    cells = join(test.home, "cells");
  });
  afterEach(() => test.close());

  const spare = () => until("a spare", () => waitingPids(cells)[0]);
  /** As root the process that was written down is bwrap's init, and workerd its child. */
  const isOf = ({ pid }: { pid: number }, waited: number) => [waited, ...childrenOf(waited)].includes(pid);
  /** Until its configuration is compiled: the first start is one from nothing. */
  async function known(spec: CellSpec): Promise<void> {
    const compiled = () =>
      readdirSync(join(cells, "compiled")).filter((name) => /^[0-9a-f]{64}$/.test(name)).length;
    const before = compiled();
    await spare();
    const cell = await test.runner.start(spec);
    await cell.stop({ graceMs: 0 });
    await until("the compiled configuration", () => compiled() > before);
  }

  it("become cells with the same answers as any other, once each", async () => {
    const spec = await test.spec(
      { ...WORKER, vars: { V: "v" }, assets: { binding: "ASSETS", runWorkerFirst: ["/api"] } },
      {
        "worker/i.js": `let n = 0; export default { async fetch(_, { V, ASSETS }) {
          return Response.json([V, ++n, await (await ASSETS.fetch("http://a/sub/page.txt")).text()]) } }`,
        "assets/index.html": "root",
        "assets/sub/page.txt": "a page",
        "assets/_headers": "/*\n  x-rule: yes\n",
      },
    );
    await known(spec);
    const pid = await spare();
    const cell = await test.runner.start(spec);
    assert.ok(isOf(cell, pid));
    const direct = await TestRunner.create({ sandbox: "bwrap" });
    try {
      const other = await direct.runner.start(spec);
      for (const path of ["/api", "/", "/sub/page.txt", "/none"]) {
        assert.deepEqual(await ask(cell.socketPath, { path }), await ask(other.socketPath, { path }), path);
      }
      assert.equal((await ask(cell.socketPath, { path: "/" })).headers["x-rule"], "yes");
    } finally {
      await direct.close();
    }
    const next = await until("the next spare", () => waitingPids(cells)[0]);
    assert.notEqual(next, pid);
    assert.ok(isOf(await test.runner.start(spec), next));
    assert.equal((await cell.stop({ graceMs: 5_000 })).reason, "stopped");
    // Whoever inherits it may be slow to look.
    assert.notEqual(readProcessStat(pid)?.zombie, false);
    assert.equal((await ask(test.runner.cells()[0]?.socketPath ?? "", { path: "/" })).body, "root");
  });

  it("see nothing of any project while they wait, and of one alone afterwards", async () => {
    const spec = await test.spec(WORKER, {
      "worker/i.js": "export default { fetch() { return new Response() } }",
    });
    await known(spec);
    const pid = await spare();
    assert.deepEqual(readdirSync(`/proc/${pid}/root/deployment`), []);
    assert.equal(readFileSync(`/proc/${pid}/root/cell.capnp`, "utf8"), "");
    assert.deepEqual(readdirSync(`/proc/${pid}/root/s`), []);
  });

  it("are metered from when they serve", async () => {
    const spec = await test.spec(WORKER, {
      "worker/i.js": "export default { fetch() { return new Response() } }",
    });
    await known(spec);
    await spare();
    assert.ok((await test.runner.start(spec)).cpuMs() < 20);
  });

  it("tell why a worker does not start", async () => {
    const spec = await test.spec(WORKER, { "worker/i.js": "throw new Error('boom at start')" });
    await spare();
    for (const time of ["from nothing", "from a spare"]) {
      const error = await rejectsCode(test.runner.start(spec), "CELL_START_FAILED");
      assert.match(error.message, /boom at start/, time);
      await until("compiled", () => readdirSync(join(cells, "compiled")).some((name) => !name.includes("-")));
      await spare();
    }
    assert.deepEqual(test.runner.cells(), []);
  });

  it("that end while they wait are replaced", async () => {
    const pid = await spare();
    const identity = identifyProcess(pid);
    process.kill(pid, "SIGKILL");
    assert.ok(identity);
    await until("its end", () => !isRunning(identity));
    await until("another", () => waitingPids(cells).find((other) => other !== pid));
  });

  it("end with the runner", async () => {
    await spare();
    await test.runner.close();
    assert.deepEqual(processesOf(test.home), []);
    assert.deepEqual(readdirSync(cells).filter(isCellId), []);
  });

  it("do not outlive a killed agent, and leave nothing to the next", async () => {
    const spec = await test.spec(WORKER, {
      "worker/i.js": "export default { fetch() { return new Response() } }",
    });
    const directory = join(test.home, "left");
    const script = fileURLToPath(new URL("../testing/agent.ts", import.meta.url));
    const agent = spawn(
      process.execPath,
      ["--conditions=source", "--no-warnings", script, directory, spec.folder, "bwrap", "2"],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    await once(agent.stdout, "data");
    const pids = await until("two spares", () => {
      const found = waitingPids(directory);
      return found.length === 2 ? found : undefined;
    });
    const identities = pids.map(identifyProcess).filter((one) => one !== undefined);
    assert.equal(identities.length, 2);
    agent.kill("SIGKILL");
    await once(agent, "exit");
    const dead = () => pollUntil(() => !identities.some(isRunning), { timeoutMs: 60_000 });
    assert.ok(await dead());
    const next = await TestRunner.create({ sandbox: "bwrap", directory });
    try {
      assert.deepEqual(readdirSync(directory).filter(isCellId), []);
    } finally {
      await next.close();
    }
  });
});
