import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { Agent, type ServerResponse } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "../../logging/createLogger.ts";
import { readProcessStat } from "../../process/readProcessStat.ts";
import { pidOf } from "../../testing/pidOf.ts";
import type { CountReport } from "../CountReport.ts";
import { EdgeError } from "../EdgeError.ts";
import {
  clockAt,
  eventually,
  fetchEdge,
  startTestEdge,
  TEST_REQUEST_LIMITS,
  type TestEdge,
  totals,
} from "../testing/testEdge.ts";
import { createEdge } from "./createEdge.ts";
import { readSpool } from "./readSpool.ts";
import { SpoolDelivery } from "./SpoolDelivery.ts";

const HOST = "life.example";

describe("edge: start and end of its processes", () => {
  let test: TestEdge | undefined;
  let held: ServerResponse[] = [];
  let upstreamPath = "";
  afterEach(async () => {
    await test?.stop();
    test = undefined;
    held = [];
  });

  async function serve(overrides: Parameters<typeof startTestEdge>[0] = {}): Promise<TestEdge> {
    test = await startTestEdge(overrides);
    const upstream = await test.upstream((request, response) => {
      if (request.url === "/held") held.push(response);
      else response.end("ok");
    });
    upstreamPath = upstream.path;
    test.routeTo("1", HOST, upstreamPath);
    await untilServed(test);
    return test;
  }

  async function untilServed({ edge }: Pick<TestEdge, "edge">): Promise<void> {
    await eventually(async () => {
      const answer = await fetchEdge(edge, { host: HOST }).catch(() => undefined);
      return answer?.status === 200;
    });
  }

  const takeTaken = async (processes: number) => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const address = holder.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    try {
      await assert.rejects(startTestEdge({ port, processes }), (error) => {
        assert.ok(error instanceof EdgeError);
        assert.equal(error.code, "PORT_IN_USE");
        assert.match(error.message, new RegExp(`port ${port} .*process ${process.pid}$`));
        return true;
      });
    } finally {
      holder.close();
    }
  };
  for (const processes of [1, 2]) {
    it(`a port in use is refused with the pid that holds it: ${processes} process(es)`, () =>
      takeTaken(processes));

    it(`two edges never share a port: ${processes} process(es)`, async () => {
      const { edge } = await serve({ processes });
      await assert.rejects(startTestEdge({ port: edge.port, processes }), (error) => {
        assert.ok(error instanceof EdgeError && error.code === "PORT_IN_USE");
        assert.ok(edge.pids.some((pid) => error.message.includes(`by process ${pid}, the edge of an agent`)));
        // Ending the edge's process alone would only make its agent start another.
        assert.match(String(error.next), new RegExp(`^end process ${process.pid},`));
        return true;
      });
    });
  }

  it("an address that is not this machine's is EDGE_START_FAILED", async () => {
    await assert.rejects(startTestEdge({ host: "192.0.2.1" }), (error) => {
      assert.ok(error instanceof EdgeError && error.code === "EDGE_START_FAILED");
      return true;
    });
  });

  it("signals from a terminal or to the process alone do not end it", async () => {
    const { edge } = await serve();
    const pid = pidOf({ pid: edge.pids[0] });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.kill(pid, signal);
    for (let call = 0; call < 20; call++) assert.equal((await fetchEdge(edge, { host: HOST })).status, 200);
    assert.deepEqual(edge.pids, [pid]);
  });

  it("a process that dies is replaced, knows all routes, and counts by the clock that was set", async () => {
    const life = await serve({ processes: 2 });
    const { edge, reports } = life;
    edge.setClock(clockAt(Date.now() + 7_200_000));
    const former = edge.pids;
    for (const pid of former) process.kill(pid, "SIGKILL");
    await edge.retire("/nobody.sock");
    await eventually(() => edge.pids.length === 2 && edge.pids.every((pid) => !former.includes(pid)));
    // Whoever comes after this agent has to know the new ones.
    await eventually(async () => {
      const text = await readFile(join(life.directory, "spool/processes.json"), "utf8");
      const written = (JSON.parse(text) as { pid: number }[]).map(({ pid }) => pid);
      return edge.pids.length === 2 && written.join() === edge.pids.join();
    });
    await untilServed(life);
    const epochNow = Math.floor((Date.now() + 7_200_000) / 3_600_000);
    await eventually(() =>
      reports.some(({ counts }) => counts.some(({ epoch }) => Math.abs(epoch - epochNow) < 2)),
    );
  });

  it("what listeners throw ends neither this process nor the edge, and is in the log", async () => {
    const log: { msg: string; err: { message: string } }[] = [];
    const bug = (what: string) => () => {
      throw new TypeError(what);
    };
    const life = await serve({
      logger: createLogger({
        level: "error",
        destination: { write: (line) => void log.push(JSON.parse(line)) },
      }),
      onWake: bug("wake"),
      onTrouble: bug("trouble"),
      onCut: bug("cut"),
    });
    life.route("2", "sleeping.example", { kind: "sleeping", version: 1 });
    life.routeTo("3", "gone.example", join(life.directory, "nobody.sock"));
    for (const host of ["sleeping.example", "gone.example"])
      fetchEdge(life.edge, { host }).catch(() => undefined);
    const stuck = fetchEdge(life.edge, { host: HOST, path: "/held" });
    await eventually(() => held.length === 1);
    const refusal = { status: 503, code: "CPU_LIMIT", message: "" };
    await life.edge.cut(upstreamPath, { choice: { by: "age", minAgeMs: 0 }, refusal });
    assert.equal((await stuck).status, 503);
    await eventually(() => new Set(log.map(({ err }) => err.message)).size === 3);
    assert.deepEqual(
      new Set(log.map(({ msg }) => msg)),
      new Set(["what an edge process told could not be acted on"]),
    );
    assert.equal((await fetchEdge(life.edge, { host: HOST })).status, 200);
  });

  it("what a dying process left on the disk is booked as soon as it is gone", async () => {
    const life = await serve();
    const spoolDirectory = join(life.directory, "spool");
    const row = { projectId: "77", epoch: 1, minuteMs: 0, requests: 3, egressBytes: 4 };
    const left = { reporter: "dead", sequence: 9, closedEpoch: 0, counts: [row] };
    await mkdir(spoolDirectory, { recursive: true });
    await writeFile(join(spoolDirectory, "counts-dead.json"), JSON.stringify({ reports: [left] }));
    process.kill(pidOf({ pid: life.edge.pids[0] }), "SIGKILL");
    await eventually(() => totals(life.reports, "77").requests === 3);
    await eventually(async () => (await countsIn(spoolDirectory)).length === 0);
    await untilServed(life);
  });

  it("close lets requests finish, refuses new connections, and hands over every count", async () => {
    const life = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await fetchEdge(life.edge, { host: HOST, agent });
    const before = totals(life.reports, "1").requests;
    const slow = fetchEdge(life.edge, { host: HOST, path: "/held" });
    await eventually(() => held.length === 1);
    const closed = life.edge.close({ graceMs: 5_000 });
    await eventually(async () => {
      const refused = await fetchEdge(life.edge, { host: HOST }).catch((error) => error.code);
      return refused === "ECONNREFUSED";
    });
    held[0]?.end("late");
    assert.equal((await slow).body, "late");
    await closed;
    assert.deepEqual(life.edge.pids, []);
    assert.ok(totals(life.reports, "1").requests > before);
    assert.deepEqual(await readSpool(join(life.directory, "spool")), []);
    agent.destroy();
  });

  it("close waits no longer than the grace", async () => {
    const life = await serve();
    const stuck = assert.rejects(fetchEdge(life.edge, { host: HOST, path: "/held" }));
    await eventually(() => held.length === 1);
    const { length: served } = await Promise.all([1, 2, 3].map(() => fetchEdge(life.edge, { host: HOST })));
    // Nobody answers it.
    await life.edge.close({ graceMs: 200 });
    await stuck;
    assert.ok(totals(life.reports, "1").requests > served, "it ended by itself, and handed over its counts");
  });

  it("what could not be booked comes again unchanged, and in order", async () => {
    const booked: CountReport[] = [];
    const refused: CountReport[] = [];
    const life = await serve({
      onCounts(report) {
        if (report.counts.length > 0 && refused.length < 3) {
          refused.push(report);
          throw new Error("the disk is full");
        }
        booked.push(report);
      },
    });
    await eventually(() => refused.length === 3);
    await fetchEdge(life.edge, { host: HOST });
    await eventually(() => booked.length > 1);
    const [first] = refused;
    const again = booked.find(({ sequence }) => sequence === first?.sequence);
    assert.deepEqual(again?.counts, first?.counts);
    assert.deepEqual(
      refused.map(({ sequence }) => sequence),
      Array(3).fill(first?.sequence),
    );
    assert.deepEqual(
      booked.map(({ sequence }) => sequence),
      booked.map((_, index) => index + 1),
    );
  });

  it("counts that nobody books are on the disk after the end, and the next start books them", async () => {
    const life = await serve({
      onCounts() {
        throw new Error("the ledger is away");
      },
    });
    const spoolDirectory = join(life.directory, "spool");
    await life.edge.close({ graceMs: 0 });
    const spooled = (await readSpool(spoolDirectory)).flatMap(({ reports }) => reports);
    const { requests } = totals(spooled, "1");
    assert.ok(requests >= 1);
    const next = await startTestEdge({ spoolDirectory });
    assert.deepEqual(totals(next.reports, "1").requests, requests);
    assert.deepEqual(await countsIn(spoolDirectory), []);
    assert.ok(next.edge.closedEpoch > 0);
    await next.stop();
  });

  it("a file in the spool that is none is set aside", async () => {
    const spoolDirectory = await mkdtemp(join(tmpdir(), "spool-"));
    await writeFile(join(spoolDirectory, "counts-x.json"), '{"reports":[{"reporter":1}]}');
    await writeFile(join(spoolDirectory, "counts-y.json.tmp"), "half");
    assert.deepEqual(await readSpool(spoolDirectory), []);
    assert.deepEqual((await readdir(spoolDirectory)).sort(), [
      "counts-x.json.unreadable",
      "counts-y.json.tmp",
    ]);
    await rm(spoolDirectory, { recursive: true });
  });

  describe("an epoch is closed", () => {
    /** No epoch ends while a test runs; the test turns them. */
    const EPOCH_MS = 1e15;
    const inEpoch = (epoch: number) => ({
      genesisMs: 0,
      epochMs: EPOCH_MS,
      offsetMs: epoch * EPOCH_MS,
      reachedEpoch: epoch,
    });
    const closedBy = ({ reports }: TestEdge, epoch: number) =>
      new Set(reports.filter(({ closedEpoch }) => closedEpoch === epoch).map(({ reporter }) => reporter));

    it("once it is over and every process reported it, and stays so when the clock is set back", async () => {
      test = await startTestEdge({ processes: 2, clock: inEpoch(3) });
      const { edge, reports } = test;
      assert.equal(edge.closedEpoch, 2);
      edge.setClock(inEpoch(4));
      await eventually(() => edge.closedEpoch === 3);
      edge.setClock(inEpoch(1));
      const upstream = await test.upstream((_, response) => response.end("ok"));
      test.routeTo("1", HOST, upstream.path);
      await untilServed(test);
      await eventually(() => totals(reports, "1").requests > 0);
      assert.equal(edge.closedEpoch, 3);
      assert.ok(reports.every(({ closedEpoch }) => closedEpoch >= 3));
    });

    it("not while one of several processes has not reported it", async () => {
      test = await startTestEdge({ processes: 3, clock: inEpoch(3) });
      const edgeTest = test;
      const { edge } = edgeTest;
      const slow = pidOf({ pid: edge.pids[1] });
      process.kill(slow, "SIGSTOP");
      try {
        edge.setClock(inEpoch(4));
        await eventually(() => closedBy(edgeTest, 3).size === 2);
        assert.equal(edge.closedEpoch, 2);
      } finally {
        process.kill(slow, "SIGCONT");
      }
      await eventually(() => edge.closedEpoch === 3);
      assert.equal(closedBy(edgeTest, 3).size, 3);
    });

    it("not while a process that has it is refused, and comes again", async () => {
      let isFull = true;
      const refused: CountReport[] = [];
      test = await startTestEdge({
        clock: inEpoch(3),
        onCounts(report) {
          if (!isFull) return;
          refused.push(report);
          throw new Error("the disk is full");
        },
      });
      const { edge } = test;
      edge.setClock(inEpoch(4));
      await eventually(() => refused.some(({ closedEpoch }) => closedEpoch === 3));
      assert.equal(edge.closedEpoch, 2);
      isFull = false;
      await eventually(() => edge.closedEpoch === 3);
    });

    it("not while what a former process left on the disk is not booked", async () => {
      const directory = await mkdtemp(join(tmpdir(), "spool-"));
      const row = { projectId: "77", epoch: 3, minuteMs: 0, requests: 3, egressBytes: 4 };
      const left = { reporter: "former", sequence: 9, closedEpoch: 2, counts: [row] };
      await writeFile(join(directory, "counts-former.json"), JSON.stringify({ reports: [left] }));
      let isFull = true;
      const booked: CountReport[] = [];
      test = await startTestEdge({
        spoolDirectory: directory,
        clock: inEpoch(3),
        onCounts(report) {
          if (isFull && report.reporter === "former") throw new Error("the disk is full");
          booked.push(report);
        },
      });
      const { edge } = test;
      edge.setClock(inEpoch(4));
      await eventually(() => booked.some(({ closedEpoch }) => closedEpoch === 3));
      assert.equal(edge.closedEpoch, Number.NEGATIVE_INFINITY);
      isFull = false;
      await eventually(() => edge.closedEpoch === 3);
      assert.equal(totals(booked, "77").requests, 3);
      await rm(directory, { recursive: true });
    });

    it("not while the second of two processes that ended together has its counts looked for", async () => {
      const directory = await mkdtemp(join(tmpdir(), "spool-"));
      const spool = new SpoolDelivery({
        directory,
        logger: createLogger({ level: "silent" }),
        onCounts() {},
      });
      assert.equal(spool.isComplete, false);
      const [first, second] = [spool.deliver(), spool.deliver()];
      await first;
      assert.equal(spool.isComplete, false);
      await second;
      assert.equal(spool.isComplete, true);
      spool.close();
      await rm(directory, { recursive: true });
    });
  });
});

describe("edge: the agent dies", () => {
  const logger = createLogger({ level: "silent" });
  let directory: string;
  let agent: ChildProcess;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "edge-"));
  });
  afterEach(async () => {
    agent.kill("SIGKILL");
    await rm(directory, { recursive: true, force: true });
  });

  /** An agent in a process of its own, with an upstream in it; it books nothing. */
  async function startAgent(): Promise<{ port: number; pids: number[] }> {
    const script = join(directory, "agent.mjs");
    await writeFile(
      script,
      `import { createServer } from "node:http";
       import { createEdge } from ${JSON.stringify(new URL("./createEdge.ts", import.meta.url).href)};
       const directory = ${JSON.stringify(directory)};
       const quiet = { error() {}, warn() {}, info() {} };
       createServer((_, response) => response.end("ok")).listen(directory + "/up.sock");
       const edge = createEdge({
         host: "127.0.0.1", port: 0, processes: 2, nodeId: 1, apiSocketPath: directory + "/api.sock",
         spoolDirectory: directory + "/spool", clock: { genesisMs: 0, epochMs: 3600000, offsetMs: 0, reachedEpoch: 0 }, logger: quiet,
         connectionLimits: { total: 100, perClient: 100, stalledMs: 60000 },
         apiRates: { perClient: 100, total: 100, costlyPerClient: 100, costlyTotal: 100 },
         requestLimits: ${JSON.stringify(TEST_REQUEST_LIMITS)},
       });
       await edge.listen({
         onCounts() { throw new Error("never"); }, onWake() {}, onTrouble() {}, onCut() {},
       });
       edge.setRoutes([{ projectId: "1", hosts: ["${HOST}"],
         target: { kind: "cell", version: 1, socketPath: directory + "/up.sock" } }]);
       console.log(JSON.stringify({ port: edge.port, pids: edge.pids }));`,
    );
    agent = spawn(process.execPath, ["--conditions=source", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    return new Promise((resolve) => agent.stdout?.once("data", (line) => resolve(JSON.parse(line))));
  }

  it("its edge stops serving at once, leaves every count on the disk, and ends", async () => {
    const edge = await startAgent();
    let answered = 0;
    await eventually(async () => {
      const { status } = await fetchEdge(edge, { host: HOST });
      if (status === 200) answered += 1;
      return answered === 50;
    });
    agent.kill("SIGKILL");
    await eventually(() => edge.pids.every((pid) => !isAlive(pid)));
    await assert.rejects(fetchEdge(edge, { host: HOST }), { code: "ECONNREFUSED" });
    const files = await readSpool(join(directory, "spool"));
    assert.equal(
      totals(
        files.flatMap(({ reports }) => reports),
        "1",
      ).requests,
      answered,
    );
    for (const { path, reports } of files) {
      assert.ok(path.endsWith(`counts-${reports[0]?.reporter}.json`));
      assert.deepEqual(
        reports.map(({ sequence }) => sequence),
        reports.map((_, index) => (reports[0]?.sequence ?? 0) + index),
      );
    }
    assert.ok(!(await readdir(join(directory, "spool"))).some((name) => name.endsWith(".tmp")));
  });

  it("the next edge takes the port and books what was left", async () => {
    const former = await startAgent();
    await eventually(async () => (await fetchEdge(former, { host: HOST })).status === 200);
    agent.kill("SIGKILL");
    await eventually(() => former.pids.every((pid) => !isAlive(pid)));
    const reports: CountReport[] = [];
    const edge = createEdge({
      host: "127.0.0.1",
      port: former.port,
      processes: 1,
      nodeId: 1,
      logger,
      apiSocketPath: join(directory, "api.sock"),
      spoolDirectory: join(directory, "spool"),
      clock: clockAt(Date.now()),
      connectionLimits: { total: 100, perClient: 100, stalledMs: 60_000 },
      apiRates: { perClient: 100, total: 100, costlyPerClient: 100, costlyTotal: 100 },
      requestLimits: TEST_REQUEST_LIMITS,
    });
    await edge.listen({
      onCounts: (report) => void reports.push(report),
      onWake: () => {},
      onTrouble: () => {},
      onCut: () => {},
    });
    assert.equal(totals(reports, "1").requests >= 1, true);
    await edge.close({ graceMs: 0 });
  });

  it("the edge gets nothing of the agent's environment that Node does not need", async () => {
    process.env.WORKER3_PRIVATE_KEY = "secret";
    try {
      const edge = await startAgent();
      for (const pid of edge.pids) {
        assert.doesNotMatch(await readFile(`/proc/${pid}/environ`, "utf8"), /WORKER3_PRIVATE_KEY/);
      }
    } finally {
      delete process.env.WORKER3_PRIVATE_KEY;
    }
  });
});

/** The spool's folder also holds who the edge's processes are. */
async function countsIn(spoolDirectory: string): Promise<string[]> {
  return (await readdir(spoolDirectory)).filter((name) => name.startsWith("counts-"));
}

/** One that has ended and was not looked after by its new parent, which is the machine's init, does not live. */
function isAlive(pid: number): boolean {
  return readProcessStat(pid)?.zombie === false;
}
