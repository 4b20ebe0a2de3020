import assert from "node:assert/strict";
import type { Manifest } from "@worker3/sdk";
import type { Cell, CellEnd, CellSpec } from "../../cells/Cell.ts";
import type { ChainProject, Seat } from "../../chain/view/chainProject.ts";
import type { StoredContent } from "../../content/ContentStore.ts";
import type { Route, RouteTarget } from "../../edge/Route.ts";
import { createLogger } from "../../logging/createLogger.ts";
import { createReconciler } from "../createReconciler.ts";
import type { Reconciler, ReconcilerSettings } from "../Reconciler.ts";

export const PROJECT = 7n;
export const OTHER = 8n;

const SETTINGS: ReconcilerSettings = {
  serveUnpaid: false,
  idleMs: 60_000,
  drainMs: 1_000,
  lingerMs: 0,
  warmBytes: 2 ** 30,
};

/** As far as tests look at it. */
export interface LogEntry {
  readonly msg: string;
  readonly projectId: string;
  readonly err: { readonly message: string; readonly stack?: string };
}

/** A reconciler among doubles for chain, disk, processes and edge, whom a test tells what to be like. */
export class ReconcilerWorld {
  readonly stop = new AbortController();
  /** Of both projects alike. */
  project: ChainProject = {
    projectId: PROJECT,
    owner: "0x0000000000000000000000000000000000000001",
    versions: [1, 2, 3].map((version) => ({ version, cid: `cid${version}` })),
    active: 1,
    activated: [1],
    split: undefined,
    domains: ["shop.worker3.localhost"],
    terms: [{ nodeIds: [1], cap: 1n, fromEpoch: 0 }],
    delegates: [],
    hasCredit: true,
  };
  /** Of both projects alike; with no terms there is none. */
  seat: Seat = "serves";
  funded: boolean | undefined = true;
  readonly stored = new Set(["cid1"]);
  readonly denied = new Set<string>();
  /** Contents whose cells throw at start, and those that never come to serve. */
  readonly refusesToStart = new Set<string>();
  readonly hangsAtStart = new Set<string>();
  /** What the next passes throw, one each. */
  readonly bugs: Error[] = [];
  /** What the edge throws when it is next told of a route, one each. */
  readonly edgeBugs: Error[] = [];
  cellBytes = 1;
  /** Where a project's is another than that of all. */
  readonly owners = new Map<bigint, `0x${string}`>();
  readonly inFlight = new Map<string, number>();

  /** What the reconciler did. */
  readonly starts: string[] = [];
  readonly fetches: string[] = [];
  readonly madeReady: string[] = [];
  /** What the edge was told to cut off. */
  readonly cuts: string[] = [];
  readonly log: LogEntry[] = [];
  /** By socket path. */
  readonly running = new Map<string, { stop(end: CellEnd["reason"]): void }>();
  readonly routes = new Map<string, Route>();
  reconciler: Reconciler;

  constructor(settings: Partial<ReconcilerSettings> = {}) {
    this.reconciler = this.create(settings);
  }

  /** Another reconciler in the same world. */
  create(settings: Partial<ReconcilerSettings>): Reconciler {
    this.reconciler = createReconciler({
      project: (projectId) => ({ ...this.project, owner: this.owners.get(projectId) ?? this.project.owner }),
      seat: ({ terms }) => (terms.length > 0 ? this.seat : "none"),
      funded: () => this.funded,
      hosts: ({ domains }) => {
        const bug = this.bugs.shift();
        if (bug !== undefined) throw bug;
        return domains;
      },
      content: {
        has: (cid) => this.stored.has(cid),
        get: async (cid) => (this.stored.has(cid) ? content(cid) : undefined),
      },
      // Not async: what it throws it throws at once.
      fetch: (_, cid) => {
        this.fetches.push(cid);
        throw new Error("nobody has it");
      },
      checkContent: () => {},
      denies: (_, cid) => this.denied.has(cid),
      cells: {
        start: (spec, options) => this.#start(spec, options?.signal),
        prepare: async ({ cid }) => void this.madeReady.push(cid),
      },
      edge: {
        setRoutes: (changed) => {
          const bug = this.edgeBugs.shift();
          if (bug !== undefined) throw bug;
          for (const route of changed) this.routes.set(route.projectId, route);
        },
        removeRoutes: (projectIds) => {
          for (const projectId of projectIds) this.routes.delete(projectId);
        },
        load: (socketPath) => ({ inFlight: this.inFlight.get(socketPath) ?? 0 }),
        cut: async (socketPath, { choice, refusal }) => {
          this.cuts.push(`${refusal.code} ${choice.by} ${socketPath}`);
        },
        retire: async () => {},
      },
      settings: { ...SETTINGS, ...settings },
      logger: createLogger({
        level: "warn",
        destination: { write: (line) => void this.log.push(JSON.parse(line)) },
      }),
      signal: this.stop.signal,
    });
    return this.reconciler;
  }

  activate(version: number): void {
    this.project = { ...this.project, active: version };
  }

  target(projectId = PROJECT): RouteTarget | undefined {
    return this.routes.get(String(projectId))?.target;
  }

  /** Why visitors are refused. */
  refusal(projectId = PROJECT): string | undefined {
    const target = this.target(projectId);
    return target?.kind === "refused" ? target.code : undefined;
  }

  /** The content of the cell that all visitors are sent to. */
  servedCid(projectId = PROJECT): string | undefined {
    const target = this.target(projectId);
    return target?.kind === "cell" ? target.socketPath.split("-")[1] : undefined;
  }

  async #start(spec: CellSpec, signal?: AbortSignal): Promise<Cell> {
    this.starts.push(spec.cid);
    const id = `/cells/${this.starts.length}-${spec.cid}`;
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    if (this.refusesToStart.has(spec.cid)) throw new Error("it throws at start");
    if (this.hangsAtStart.has(spec.cid)) {
      await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    }
    const gone = Promise.withResolvers<CellEnd>();
    this.running.set(id, {
      stop: (reason) => {
        this.running.delete(id);
        gone.resolve({ reason, code: 0, signal: null, log: "its last words", outOfMemory: false });
      },
    });
    return {
      id,
      spec,
      socketPath: id,
      pid: 1,
      limits: { cpuMs: 50, cpuCores: 1, memoryBytes: 1, hardMemoryBytes: 1, bodyBytes: 1 },
      kill: () => gone.promise,
      elsewhere: () => assert.fail("nobody watches it"),
      logPath: "",
      state: () => "warm",
      cpuMs: () => 0,
      rssBytes: () => 1,
      privateBytes: () => this.cellBytes,
      ping: async () => {},
      gone: gone.promise,
      stop: () => {
        this.running.get(id)?.stop("stopped");
        return gone.promise;
      },
    };
  }
}

function content(cid: string): StoredContent {
  return {
    cid,
    folder: `/content/${cid}`,
    carPath: "",
    carBytes: 1,
    bytes: 1,
    files: 1,
    manifest: { manifest: 2 } as Manifest,
  };
}
