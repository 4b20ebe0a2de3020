import { createHash } from "node:crypto";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseManifest } from "@worker3/sdk";
import type { Cell } from "../../cells/Cell.ts";
import type { CellRunner } from "../../cells/CellRunner.ts";
import { makeFolder, makeTemporary } from "../../cells/testing/makeFolder.ts";
import type { ChainProject } from "../../chain/view/chainProject.ts";
import { type AgentConfig, type AgentConfigDocument, agentConfigSchema } from "../../config.ts";
import type { StoredContent } from "../../content/ContentStore.ts";
import type { CountRow } from "../../edge/CountReport.ts";
import type { Edge } from "../../edge/Edge.ts";
import { EXTRACTED } from "../../extractedFolder.ts";
import { createLogger } from "../../logging/createLogger.ts";
import { serveVisitors } from "../../loop.ts";
import type { Reconciler } from "../../reconcile/Reconciler.ts";
import { buildServing, type ServingParts, type ServingSources } from "../../servingParts.ts";

export interface ServingNodeOptions {
  /** As in `node.json`; besides it does without spares, and does not wait for `waitUntil`. */
  readonly cells?: AgentConfigDocument["cells"];
  /** Without a request for so long, a cell is stopped; below what `node.json` takes too. */
  readonly idleMs?: number;
  /** How often the reconciler looks whether something is due. */
  readonly tickMs?: number;
  readonly edgeProcesses?: number;
  /** Where the cells' network is made; default: none is, cells are in this machine's. */
  readonly machine?: ServingSources["machine"];
  readonly sandbox?: ServingSources["sandbox"];
  /** What the watchdog is told of; default: every cell. */
  readonly isWatched?: (cell: Cell) => boolean;
}

/** A version as a test says it, its files as an agent extracts them; `manifest` without its number. */
export interface TestVersion {
  readonly manifest: object;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Symbolic links by their path, with what they name: content that a node received has none. */
  readonly links?: Readonly<Record<string, string>>;
}

/** What visitors meet of a node: a real edge, real cells, the real loop and watchdog. Chain and content store are played. */
export interface ServingNode extends AsyncDisposable {
  /** Its state folder. */
  readonly home: string;
  readonly serving: ServingParts;
  readonly edge: Edge;
  readonly runner: CellRunner;
  readonly reconciler: Reconciler;
  /** What the edge counted. */
  readonly counts: readonly CountRow[];
  /** Under this name visitors ask for a project. */
  hostOf(projectId: bigint): string;
  /** Adds a version whose content is here, and makes it active. Its number; not waited for. */
  deploy(projectId: bigint, version: TestVersion): Promise<number>;
  /** Changes what the chain says of a project. */
  change(projectId: bigint, change: Partial<ChainProject>): Promise<void>;
}

const HOUR_MS = 3_600_000;

export async function startServingNode(options: ServingNodeOptions = {}): Promise<ServingNode> {
  const home = await makeTemporary();
  const logger = createLogger({ level: process.env.WORKER3_LOG_LEVEL ?? "silent" });
  const stop = new AbortController();
  const contents = new Map<string, StoredContent>();
  const projects = new Map<bigint, ChainProject>();
  const counts: CountRow[] = [];
  const projectOf = (projectId: bigint): ChainProject => projects.get(projectId) ?? noProject(projectId);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rm(home, { recursive: true, force: true }));

  const serving = await buildServing({
    config: { ...configOf(options), stateDirectory: home },
    apiSocketPath: join(home, "api.sock"),
    machine: options.machine,
    sandbox: options.sandbox,
    clock: {
      epoch: () => 0,
      nowMs: Date.now,
      settings: () => ({ genesisMs: 0, epochMs: HOUR_MS, offsetMs: 0, reachedEpoch: 0 }),
    },
    meter: {
      bookReport(report) {
        counts.push(...report.counts);
        return true;
      },
      bookCpu: () => {},
    },
    project: projectOf,
    seat: () => "serves",
    funded: () => true,
    hosts: ({ domains }) => domains,
    denies: () => false,
    content: { has: (cid) => contents.has(cid), get: async (cid) => contents.get(cid) },
    fetch: () => Promise.reject(new Error("nobody has it")),
    logger,
    signal: stop.signal,
  });
  const { edge, reconciler, cells } = serving;
  undo.use(serving);
  const { isWatched = () => true } = options;
  const watchCells: CellRunner["watchCells"] = (onCell) =>
    cells.watchCells((cell) => isWatched(cell) && onCell(cell));
  undo.use(await serveVisitors({ ...serving, cells: { ...cells, watchCells } }));
  undo.defer(() => stop.abort(new Error("the node stops")));
  const ticks = setInterval(() => reconciler.tick(), options.tickMs ?? 1_000);
  undo.defer(() => clearInterval(ticks));

  async function store(cid: string, { manifest, files, links = {} }: TestVersion): Promise<void> {
    const folder = join(home, "content", cid);
    await makeFolder(folder, files);
    await mkdir(folder, { recursive: true });
    for (const [path, target] of Object.entries(links)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await symlink(target, join(folder, path));
    }
    const text = JSON.stringify({ manifest: 2, ...manifest });
    await writeFile(join(folder, EXTRACTED.manifest), text);
    const stored = { cid, folder, carPath: "", carBytes: 0, bytes: 0, files: Object.keys(files).length };
    contents.set(cid, { ...stored, manifest: parseManifest(new TextEncoder().encode(text)) });
  }

  const done = undo.move();
  const hostOf = (projectId: bigint) => `p${projectId}.worker3.localhost`;
  return {
    home,
    serving,
    edge,
    runner: cells,
    reconciler,
    counts,
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

function configOf({ cells, idleMs, edgeProcesses = 1 }: ServingNodeOptions): Omit<AgentConfig, "network"> {
  const defaults = { startTimeoutMs: 20_000, idleMs: 60_000, lingerMs: 0, spares: 0, warmBytes: 4 * 2 ** 30 };
  const open = { allowHostNetwork: true, allowUnsandboxed: true, controlGroups: false };
  const config = agentConfigSchema.omit({ network: true }).parse({
    nodeId: 1,
    listen: { port: 0 },
    edgeProcesses,
    cells: { ...defaults, ...open, ...cells },
  });
  const own = { ...config.cells, idleMs: idleMs ?? config.cells.idleMs };
  return { ...config, cells: own, stateDirectory: "" };
}

function noProject(projectId: bigint): ChainProject {
  return {
    projectId,
    owner: "0x0000000000000000000000000000000000000001",
    versions: [],
    active: 0,
    activated: [],
    split: undefined,
    domains: [],
    terms: [{ nodeIds: [1], cap: 1n, fromEpoch: 0 }],
    delegates: [],
    hasCredit: true,
  };
}
