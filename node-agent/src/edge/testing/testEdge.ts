import { mkdtemp, rm } from "node:fs/promises";
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  request,
  type Server,
} from "node:http";
import { connect, createServer as createNetServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "../../logging/createLogger.ts";
import { monotonicMs } from "../../process/monotonicMs.ts";
import type { CountReport } from "../CountReport.ts";
import type { Edge, EdgeHandlers, RequestLimits } from "../Edge.ts";
import type { EpochClock } from "../EpochClock.ts";
import { createEdge, type EmbeddedEdgeOptions } from "../embedded/createEdge.ts";
import type { CutRequest } from "../Load.ts";
import type { RouteTarget } from "../Route.ts";

/** What the tests of this folder share: an edge in real processes, upstreams on real unix sockets, real HTTP. */
export interface TestEdge {
  readonly edge: Edge;
  readonly directory: string;
  readonly reports: CountReport[];
  readonly wakes: string[];
  readonly troubles: string[];
  readonly cuts: readonly CutRequest[];
  /** An HTTP server on a unix socket of its own. */
  upstream(listener: RequestListener): Promise<Upstream>;
  /** A server that says what the test lets it say. */
  rawUpstream(onSocket: (socket: Socket) => void): Promise<Upstream>;
  route(projectId: string, host: string, target: RouteTarget): void;
  routeTo(projectId: string, host: string, socketPath: string, version?: number): void;
  stop(): Promise<void>;
}

export interface Upstream {
  readonly path: string;
  readonly server: Server | import("node:net").Server;
  readonly connections: Set<Socket>;
  kill(): Promise<void>;
}

/** As many as a test likes. */
export const TEST_API_RATES = { perClient: 1e6, total: 1e6, costlyPerClient: 1e6, costlyTotal: 1e6 };

/** Wide enough for tests that are not about them. */
export const TEST_REQUEST_LIMITS: RequestLimits = {
  concurrent: 4_096,
  concurrentPerClient: 4_096,
  webSocketsPerClient: 4_096,
  bodyBytes: 2 ** 30,
  wallMs: 600_000,
};

export const EPOCH_MS = 3_600_000;

/** A clock with epochs of an hour since 1970, which says that it is `nowMs`; every epoch has been reached. */
export function clockAt(nowMs: number): EpochClock {
  const reachedEpoch = Number.MAX_SAFE_INTEGER;
  return { genesisMs: 0, epochMs: EPOCH_MS, offsetMs: nowMs - monotonicMs(), reachedEpoch };
}

export async function startTestEdge(
  overrides: Partial<EmbeddedEdgeOptions & EdgeHandlers & { ownHosts: readonly string[] }> = {},
): Promise<TestEdge> {
  const directory = await mkdtemp(join(tmpdir(), "edge-"));
  const reports: CountReport[] = [];
  const wakes: string[] = [];
  const troubles: string[] = [];
  const cuts: CutRequest[] = [];
  const upstreams: Upstream[] = [];
  const edge = createEdge({
    host: "127.0.0.1",
    port: 0,
    processes: 1,
    nodeId: 7,
    apiSocketPath: join(directory, "api.sock"),
    spoolDirectory: join(directory, "spool"),
    clock: clockAt(Date.now()),
    logger: createLogger({ level: "silent" }),
    connectionLimits: { total: 20_000, perClient: 20_000, stalledMs: 60_000 },
    requestLimits: TEST_REQUEST_LIMITS,
    apiRates: TEST_API_RATES,
    ...overrides,
  });
  edge.setOwnHosts(overrides.ownHosts ?? ["n7.nodes.worker3.localhost"]);
  try {
    await edge.listen({
      onCounts: (report) => void reports.push(report),
      onWake: (projectId) => void wakes.push(projectId),
      onTrouble: (socketPath, error) => void troubles.push(`${socketPath} ${error}`),
      onCut: (requests) => void cuts.push(...requests),
      ...overrides,
    });
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
  const start = async (server: Upstream["server"], path: string) => {
    const upstream = await startUpstream(server, path);
    upstreams.push(upstream);
    return upstream;
  };
  const route = (projectId: string, host: string, target: RouteTarget) =>
    edge.setRoutes([{ projectId, hosts: [host], target }]);
  return {
    edge,
    directory,
    reports,
    wakes,
    troubles,
    cuts,
    upstream: (listener) => start(createServer(listener), join(directory, `${upstreams.length}.sock`)),
    rawUpstream: (onSocket) => start(createNetServer(onSocket), join(directory, `${upstreams.length}.sock`)),
    route,
    routeTo: (projectId, host, socketPath, version = 1) =>
      route(projectId, host, { kind: "cell", version, socketPath }),
    async stop() {
      await edge.close({ graceMs: 0 });
      for (const upstream of upstreams) await upstream.kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function startUpstream(server: Upstream["server"], path: string): Promise<Upstream> {
  const connections = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => connections.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen({ path, backlog: 4_096 }, resolve));
  return {
    path,
    server,
    connections,
    async kill() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface FetchOptions {
  readonly host: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
}

/** One request to the edge; rejects where the connection breaks before the response is whole. */
export function fetchEdge(edge: { readonly port: number }, options: FetchOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { host, path = "/", method = "GET", headers = {}, body, agent = new Agent() } = options;
    const call = request(
      { host: "127.0.0.1", port: edge.port, path, method, agent, headers: { host, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", reject);
        response.once("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    call.once("error", reject);
    call.end(body);
  });
}

/** Writes bytes and collects what comes until the edge closes, or `isEnough` says so. */
export function talk(
  edge: { readonly port: number },
  bytes: string | Buffer,
  isEnough: (text: string) => boolean = () => false,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(edge.port, "127.0.0.1");
    let text = "";
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (isEnough(text)) socket.destroy();
    });
    socket.once("close", () => resolve(text));
    socket.write(bytes);
  });
}

/** Polls until `check` holds; fails after `limitMs`, which no machine takes however busy it is. */
export async function eventually(check: () => boolean | Promise<boolean>, limitMs = 60_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${check}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Sums of all reports by project. */
export function totals(reports: readonly CountReport[], projectId: string) {
  const rows = reports.flatMap((report) => report.counts).filter((row) => row.projectId === projectId);
  return {
    requests: rows.reduce((sum, row) => sum + row.requests, 0),
    egressBytes: rows.reduce((sum, row) => sum + row.egressBytes, 0),
  };
}
