import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseManifest } from "@worker3/sdk";
import { pino } from "pino";
import type { CellRunner } from "../cells/CellRunner.ts";
import { checkSupported } from "../cells/checkSupported.ts";
import { type CellRunnerOptions, createCellRunner } from "../cells/createCellRunner.ts";
import { makeFolder, makeTemporary } from "../cells/testing/makeFolder.ts";
import { workerdBinary } from "../cells/workerdBinary.ts";
import type { ChainProject } from "../chain/chainProject.ts";
import type { StoredContent } from "../content/ContentStore.ts";
import type { CountReport } from "../edge/CountReport.ts";
import type { Edge } from "../edge/Edge.ts";
import { startEdge } from "../edge/startEdge.ts";
import { createReconciler } from "../reconcile/createReconciler.ts";
import type { Reconciler, ReconcilerSettings } from "../reconcile/Reconciler.ts";

export interface ServingNodeOptions {
  readonly settings?: Partial<ReconcilerSettings>;
  readonly cells?: Partial<CellRunnerOptions>;
  /** How often the reconciler looks whether something is due. */
  readonly tickMs?: number;
  readonly edgeProcesses?: number;
}

/** A version as a test says it; `manifest` without its number. */
export interface TestVersion {
  readonly manifest: object;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/** The serving half of a node: a real edge, real cells, a real reconciler. The chain and the content store are played. */
export interface ServingNode extends AsyncDisposable {
  readonly edge: Edge;
  readonly runner: CellRunner;
  readonly reconciler: Reconciler;
  readonly reports: readonly CountReport[];
  /** Under this name visitors ask for a project. */
  hostOf(projectId: bigint): string;
  /** Adds a version whose content is here, and makes it active. Its number; not waited for. */
  deploy(projectId: bigint, version: TestVersion): Promise<number>;
  /** Changes what the chain says of a project. */
  change(projectId: bigint, change: Partial<ChainProject>): Promise<void>;
}

const SETTINGS: ReconcilerSettings = {
  serveUnpaid: true,
  idleMs: 60_000,
  drainMs: 30_000,
  lingerMs: 0,
  warmBytes: 4 * 2 ** 30,
};

export async function startServingNode(options: ServingNodeOptions = {}): Promise<ServingNode> {
  const home = await makeTemporary();
  const logger = pino({ level: process.env.WORKER3_LOG_LEVEL ?? "silent" });
  const stop = new AbortController();
  const contents = new Map<string, StoredContent>();
  const projects = new Map<bigint, ChainProject>();
  const reports: CountReport[] = [];
  const projectOf = (projectId: bigint): ChainProject => projects.get(projectId) ?? noProject(projectId);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rm(home, { recursive: true, force: true }));

  const runner = await createCellRunner({
    ...{ directory: join(home, "cells"), startTimeoutMs: 20_000, logger, nodeId: 1, spares: 0 },
    ...options.cells,
  });
  undo.defer(() => runner.close());
  const edge = await startEdge({
    ...{ host: "127.0.0.1", port: 0, processes: options.edgeProcesses ?? 1, nodeId: 1, ownHosts: [], logger },
    apiSocketPath: join(home, "api.sock"),
    spoolDirectory: join(home, "spool"),
    clock: { genesisMs: 0, epochMs: 3_600_000, skewMs: 0 },
    onCounts(report) {
      reports.push(report);
      for (const { projectId } of report.counts) reconciler.touch(BigInt(projectId));
    },
    onWake: (projectId) => reconciler.wake(BigInt(projectId)),
    onTrouble: (socketPath, error) => logger.warn({ socketPath, error }, "a cell does not answer"),
  });
  undo.defer(() => edge.close({ graceMs: 0 }));
  undo.defer(() => stop.abort(new Error("the node stops")));

  const reconciler = createReconciler({
    project: projectOf,
    serves: () => true,
    funded: () => true,
    hosts: ({ domains }) => domains,
    content: { has: (cid) => contents.has(cid), get: async (cid) => contents.get(cid) },
    fetch: () => Promise.reject(new Error("nobody has it")),
    checkContent: ({ manifest }) => checkSupported(manifest, workerdBinary()),
    cells: runner,
    edge,
    settings: { ...SETTINGS, ...options.settings },
    logger,
    signal: stop.signal,
  });
  const ticks = setInterval(() => reconciler.tick(), options.tickMs ?? 1_000);
  undo.defer(() => clearInterval(ticks));

  async function store(cid: string, { manifest, files }: TestVersion): Promise<void> {
    const folder = join(home, "content", cid);
    await makeFolder(folder, files);
    await mkdir(folder, { recursive: true });
    const text = JSON.stringify({ manifest: 1, ...manifest });
    await writeFile(join(folder, "worker3.json"), text);
    const stored = { cid, folder, carPath: "", carBytes: 0, bytes: 0, files: Object.keys(files).length };
    contents.set(cid, { ...stored, manifest: parseManifest(new TextEncoder().encode(text)) });
  }

  const done = undo.move();
  const hostOf = (projectId: bigint) => `p${projectId}.worker3.localhost`;
  return {
    edge,
    runner,
    reconciler,
    reports,
    hostOf,
    async deploy(projectId, version) {
      const { versions, ...project } = projectOf(projectId);
      const number = versions.length + 1;
      const cid = createHash("sha256").update(JSON.stringify(version)).digest("hex").slice(0, 20);
      await store(cid, version);
      const domains = [hostOf(projectId)];
      const all = [...versions, { version: number, cid }];
      projects.set(projectId, { ...project, domains, versions: all, active: number, split: undefined });
      await reconciler.reconcile(projectId);
      return number;
    },
    async change(projectId, change) {
      projects.set(projectId, { ...projectOf(projectId), ...change });
      await reconciler.reconcile(projectId);
    },
    [Symbol.asyncDispose]: () => done.disposeAsync(),
  };
}

function noProject(projectId: bigint): ChainProject {
  return {
    projectId,
    owner: "0x0000000000000000000000000000000000000001",
    versions: [],
    active: 0,
    split: undefined,
    domains: [],
    terms: [{ nodeIds: [1], cap: 1n, fromEpoch: 0 }],
    delegates: [],
  };
}
