import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseManifest } from "@worker3/sdk";
import { pino } from "pino";
import { makeFolder, makeTemporary } from "../../cells/testing/makeFolder.ts";
import type { ChainProject } from "../../chain/chainProject.ts";
import { agentConfigSchema } from "../../config.ts";
import type { StoredContent } from "../../content/ContentStore.ts";
import type { CountRow } from "../../edge/CountReport.ts";
import { type Serving, startServing } from "../startServing.ts";

export interface TestNode extends AsyncDisposable {
  readonly serving: Serving;
  readonly port: number;
  /** What the edge counted. */
  readonly counts: readonly CountRow[];
  /** What was logged, a JSON document each. */
  readonly log: readonly Record<string, unknown>[];
  /** Makes a project at `<name>.test`, or its next version where there is one, from the source of one module. */
  deploy(name: string, source: string, manifest?: object): Promise<bigint>;
  /** The same from files of a deployment folder. */
  deployFiles(
    name: string,
    manifest: object,
    files: Readonly<Record<string, string | Uint8Array>>,
  ): Promise<bigint>;
}

/** The node of config; nothing of it is read here. */
const NO_NETWORK = { network: undefined, nodeId: 1 };

/** What visitors meet of a node, all of it real: edge processes, cells, the loop, the watchdog. Doubles: chain and store. */
export async function startTestNode(cells: object = {}): Promise<TestNode> {
  const home = await makeTemporary();
  const stopping = new AbortController();
  const log: Record<string, unknown>[] = [];
  const counts: CountRow[] = [];
  const projects = new Map<bigint, ChainProject>();
  const contents = new Map<string, StoredContent>();
  const { network: _, ...settings } = agentConfigSchema.partial({ network: true }).parse({
    nodeId: NO_NETWORK.nodeId,
    listen: { port: 0 },
    cells,
  });
  const serving = await startServing({
    config: { ...settings, stateDirectory: home },
    ownHosts: [],
    apiSocketPath: join(home, "api.sock"),
    clock: {
      epoch: () => 0,
      nowMs: Date.now,
      ofEdge: () => ({ genesisMs: Date.now() - 1_000, epochMs: 3_600_000, skewMs: 0 }),
    },
    meter: {
      bookReport(report) {
        counts.push(...report.counts);
        return true;
      },
      bookCpu: () => {},
    },
    project: (projectId) => projects.get(projectId) ?? noProject(projectId),
    serves: ({ terms }) => terms.length > 0,
    funded: () => true,
    hosts: ({ domains }) => domains,
    content: { has: (cid) => contents.has(cid), get: async (cid) => contents.get(cid) },
    fetch: () => Promise.reject(new Error("nobody has it")),
    logger: pino({ level: "info" }, { write: (line) => void log.push(JSON.parse(line)) }),
    signal: stopping.signal,
  });

  async function deployFiles(
    name: string,
    manifest: object,
    files: Readonly<Record<string, string | Uint8Array>>,
  ): Promise<bigint> {
    const domain = `${name}.test`;
    const old = [...projects.values()].find(({ domains }) => domains.includes(domain));
    const projectId = old?.projectId ?? BigInt(projects.size + 1);
    const version = (old?.versions.length ?? 0) + 1;
    const cid = `${name}-${version}`;
    const folder = join(home, "content", cid);
    const text = JSON.stringify({ manifest: 1, ...manifest });
    await makeFolder(folder, { ...files, "worker3.json": text });
    const parsed = parseManifest(new TextEncoder().encode(text));
    contents.set(cid, { cid, folder, manifest: parsed, carPath: "", carBytes: 0, bytes: 0, files: 0 });
    projects.set(projectId, {
      ...(old ?? noProject(projectId)),
      versions: [...(old?.versions ?? []), { version, cid }],
      active: version,
      domains: [domain],
      terms: [{ nodeIds: [1], cap: 1n, fromEpoch: 0 }],
    });
    await serving.reconciler.reconcile(projectId);
    return projectId;
  }

  const timer = setInterval(() => serving.reconciler.tick(), 1_000);
  return {
    ...{ serving, counts, log, port: serving.edge.port, deployFiles },
    deploy: (name, source, manifest = {}) =>
      deployFiles(
        name,
        { main: "index.js", modules: { "index.js": "esm" }, compatibilityDate: "2026-11-01", ...manifest },
        { "worker/index.js": source },
      ),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      stopping.abort();
      await serving[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function noProject(projectId: bigint): ChainProject {
  return {
    ...{ projectId, owner: "0x0000000000000000000000000000000000000001", active: 0 },
    ...{ versions: [], domains: [], terms: [], delegates: [] },
  };
}
