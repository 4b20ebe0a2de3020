import assert from "node:assert/strict";
import type { Manifest } from "@worker3/sdk";
import { pino } from "pino";
import type { Cell, CellEnd, CellSpec } from "../cells/Cell.ts";
import type { ChainProject } from "../chain/chainProject.ts";
import type { StoredContent } from "../content/ContentStore.ts";
import type { Route } from "../edge/Route.ts";
import { until } from "../testing/until.ts";
import { createReconciler, type Reconciler } from "./createReconciler.ts";

const PROJECT = 7n;
const HOST = "shop.worker3.localhost";
const settings = { serveUnpaid: false, idleMs: 60_000, drainMs: 1_000, lingerMs: 0 };

/** Doubles stand for chain, disk, processes and edge: real ones are joined in the end-to-end tests. */
describe("the reconciler", () => {
  let project: ChainProject;
  let funded: boolean | undefined;
  let stored: Set<string>;
  let running: Map<string, { stop(end: CellEnd["reason"]): void }>;
  let starts: string[];
  let refusesToStart: Set<string>;
  let route: Route | undefined;
  let fetches: string[];
  let reconciler: Reconciler;
  let stop: AbortController;
  let options: Partial<typeof settings>;

  const content = (cid: string): StoredContent => ({
    cid,
    folder: `/content/${cid}`,
    carPath: "",
    carBytes: 1,
    bytes: 1,
    files: 1,
    manifest: { manifest: 1 } as Manifest,
  });

  function startCell(spec: CellSpec): Cell {
    const gone = Promise.withResolvers<CellEnd>();
    const socketPath = `/cells/${starts.length}-${spec.cid}`;
    running.set(socketPath, {
      stop(reason) {
        running.delete(socketPath);
        gone.resolve({ reason, code: 0, signal: null, log: "", outOfMemory: false });
      },
    });
    return {
      id: socketPath,
      spec,
      socketPath,
      pid: 1,
      logPath: "",
      state: () => "warm",
      cpuMs: () => 0,
      rssBytes: () => 1,
      ping: async () => {},
      gone: gone.promise,
      async stop() {
        running.get(socketPath)?.stop("stopped");
        return gone.promise;
      },
    };
  }

  function create(): void {
    reconciler = createReconciler({
      project: () => project,
      serves: ({ terms }) => terms.length > 0,
      funded: () => funded,
      hosts: ({ domains }) => domains,
      content: {
        has: (cid) => stored.has(cid),
        get: async (cid) => (stored.has(cid) ? content(cid) : undefined),
      },
      async fetch(_, cid) {
        fetches.push(cid);
        throw new Error("nobody has it");
      },
      checkContent: () => {},
      cells: {
        async start(spec) {
          starts.push(spec.cid);
          await new Promise((resolve) => setImmediate(resolve));
          if (refusesToStart.has(spec.cid)) throw new Error("it throws at start");
          return startCell(spec);
        },
      },
      edge: {
        setRoutes: ([changed]) => {
          route = changed;
        },
        removeRoutes: () => {
          route = undefined;
        },
        retire: async () => {},
      },
      settings: { ...settings, ...options },
      logger: pino({ level: "silent" }),
      signal: stop.signal,
    });
  }

  function activate(version: number): void {
    project = { ...project, active: version };
  }

  beforeEach(() => {
    project = {
      projectId: PROJECT,
      owner: "0x0000000000000000000000000000000000000001",
      versions: [1, 2, 3].map((version) => ({ version, cid: `cid${version}` })),
      active: 1,
      domains: [HOST],
      terms: [{ nodeIds: [1], cap: 1n, fromEpoch: 0 }],
      delegates: [],
    };
    [funded, route, options] = [true, undefined, {}];
    [stored, refusesToStart, running] = [new Set(["cid1"]), new Set(), new Map()];
    [starts, fetches] = [[], []];
    stop = new AbortController();
    create();
  });
  afterEach(() => stop.abort());

  const target = () => route?.target;
  const refusal = () => {
    const now = target();
    return now?.kind === "refused" ? now.code : undefined;
  };
  const servedCid = () => {
    const now = target();
    return now?.kind === "cell" ? now.socketPath.split("-")[1] : undefined;
  };

  it("after a start of the agent a project sleeps until somebody asks, and one cell is started for all who ask", async () => {
    await reconciler.reconcile(PROJECT);
    assert.deepEqual(target(), { kind: "sleeping", version: 1 });
    assert.deepEqual(starts, []);
    reconciler.wake(PROJECT);
    reconciler.wake(PROJECT);
    await until("a cell", () => servedCid() === "cid1");
    reconciler.wake(PROJECT);
    await reconciler.reconcile(PROJECT);
    assert.deepEqual(starts, ["cid1"]);
    assert.equal(running.size, 1);
  });

  it("a version that goes live is warm before visitors get it, and the one before ends afterwards", async () => {
    await reconciler.reconcile(PROJECT);
    reconciler.wake(PROJECT);
    await until("the first version", () => servedCid() === "cid1");
    activate(2);
    await reconciler.reconcile(PROJECT);
    assert.equal(servedCid(), "cid1");
    assert.deepEqual(fetches, ["cid2"]);
    stored.add("cid2");
    await reconciler.reconcile(PROJECT);
    await until("the second version", () => servedCid() === "cid2" && target()?.version === 2);
    await until("the first cell's end", () => running.size === 1);
    assert.deepEqual(starts, ["cid1", "cid2"]);
  });

  it("content that was prepared goes live without another start", async () => {
    await reconciler.reconcile(PROJECT);
    reconciler.wake(PROJECT);
    await until("the first version", () => servedCid() === "cid1");
    stored.add("cid2");
    await reconciler.prepare(PROJECT, "cid2");
    assert.equal(servedCid(), "cid1");
    assert.equal(running.size, 2);
    activate(2);
    await reconciler.reconcile(PROJECT);
    assert.equal(servedCid(), "cid2");
    assert.deepEqual(starts, ["cid1", "cid2"]);
  });

  it("content that was prepared before the first version is warm when that goes live", async () => {
    activate(0);
    await reconciler.reconcile(PROJECT);
    await reconciler.prepare(PROJECT, "cid1");
    await reconciler.reconcile(PROJECT);
    assert.equal(refusal(), "NO_VERSION");
    activate(1);
    await reconciler.reconcile(PROJECT);
    assert.equal(servedCid(), "cid1");
    assert.deepEqual(starts, ["cid1"]);
  });

  it("a first version that is reorganised away takes its cell along", async () => {
    await reconciler.reconcile(PROJECT);
    reconciler.wake(PROJECT);
    await until("the first version", () => servedCid() === "cid1");
    activate(0);
    await reconciler.reconcile(PROJECT);
    assert.equal(refusal(), "NO_VERSION");
    await until("the cell's end", () => running.size === 0);
  });

  it("a version that does not start leaves the one before, and says why", async () => {
    await reconciler.reconcile(PROJECT);
    reconciler.wake(PROJECT);
    await until("the first version", () => servedCid() === "cid1");
    stored.add("cid2");
    refusesToStart.add("cid2");
    activate(2);
    await reconciler.reconcile(PROJECT);
    assert.equal(servedCid(), "cid1");
    assert.deepEqual(starts, ["cid1", "cid2"]);
    const { wanted, active, ready, code } = reconciler.status(PROJECT) ?? {};
    assert.deepEqual([wanted, active, ready, code], [2, 1, [1], "INTERNAL"]);
    activate(1);
    await reconciler.reconcile(PROJECT);
    assert.equal(servedCid(), "cid1");
  });

  it("a cell that ends by itself is started again for the next visitor, until it does so five times a minute", async () => {
    await reconciler.reconcile(PROJECT);
    for (let i = 1; i <= 5; i++) {
      reconciler.wake(PROJECT);
      await until("a cell", () => servedCid() === "cid1");
      for (const cell of [...running.values()]) cell.stop("crashed");
      await until("no cell", () => servedCid() === undefined);
    }
    assert.equal(refusal(), "CELL_FAILING");
  });

  it("without credit it stops, and with credit it is there again", async () => {
    await reconciler.reconcile(PROJECT);
    reconciler.wake(PROJECT);
    await until("a cell", () => servedCid() === "cid1");
    funded = false;
    await reconciler.reconcile(PROJECT);
    assert.equal(refusal(), "NO_CREDIT");
    await until("the cell's end", () => running.size === 0);
    funded = true;
    await reconciler.reconcile(PROJECT);
    assert.equal(target()?.kind, "sleeping");
  });

  it("at the cap it refuses, and keeps its cell for the next epoch", async () => {
    await reconciler.reconcile(PROJECT);
    reconciler.wake(PROJECT);
    await until("a cell", () => servedCid() === "cid1");
    reconciler.setCapReached(PROJECT, true);
    await until("the refusal", () => target()?.kind === "refused");
    reconciler.setCapReached(PROJECT, false);
    await until("the cell again", () => servedCid() === "cid1");
    assert.deepEqual(starts, ["cid1"]);
  });

  it("an idle cell is stopped, and the next visitor waits for another", async () => {
    options = { idleMs: -1 };
    create();
    await reconciler.reconcile(PROJECT);
    reconciler.wake(PROJECT);
    await until("a cell", () => servedCid() === "cid1");
    reconciler.tick();
    assert.equal(target()?.kind, "sleeping");
    await until("its end", () => running.size === 0);
    reconciler.wake(PROJECT);
    await until("another", () => servedCid() === "cid1");
  });

  it("without a seat it forgets the project", async () => {
    await reconciler.reconcile(PROJECT);
    reconciler.wake(PROJECT);
    await until("a cell", () => servedCid() === "cid1");
    project = { ...project, terms: [] };
    await reconciler.reconcile(PROJECT);
    assert.equal(route, undefined);
    await until("the cell's end", () => running.size === 0);
    await reconciler.reconcile(PROJECT);
    assert.deepEqual(reconciler.projects(), []);
  });
});
