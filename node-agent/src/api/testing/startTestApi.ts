import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { carOf, type FolderEntry, pack, recoverKey } from "@worker3/sdk";
import { Agent, type Dispatcher, request } from "undici";
import type { Address } from "viem";
import { ContentError } from "../../content/ContentError.ts";
import type { ContentStore } from "../../content/ContentStore.ts";
import { openContentStore } from "../../content/openContentStore.ts";
import { openLedger } from "../../ledger/openLedger.ts";
import { createLogger } from "../../logging/createLogger.ts";
import type { ApiParts } from "../ApiParts.ts";
import { createApi } from "../createApi.ts";
import { createUploadAdmission, type MissingCredit, type UploadRules } from "../createUploadAdmission.ts";
import { createDownloads } from "../downloads/createDownloads.ts";
import { serveOnSocket } from "../serveOnSocket.ts";

export const NOW_SECONDS = 1_800_000_000;
export const NODE_ID = 3;
export const NETWORK = {
  chainId: 31337,
  contracts: {
    projectRegistry: "0xCf7Ed3AccA5a467e9e704C703E8D87F634fB0Fc9",
    usageSettlement: "0x5FC8d32690cc91D4c39d9d3abcBD16989F875707",
  },
} as const;

/** What a test says instead of the chain: project 7 is the owner's, sits here and pays. */
export interface TestChain {
  owner: Address;
  delegates: Set<Address>;
  seats: Set<bigint>;
  named: Map<string, bigint[]>;
  missingCredit: MissingCredit | undefined;
  /** CIDs and projects that the operator does not serve. */
  readonly denied: Set<string>;
  /** Operators of other replicas. */
  readonly replicas: Set<Address>;
  /** Bytes that a project may bring. */
  room: number;
}

/** Few, so that a test can take them all; as fast as it likes. */
export const TEST_DOWNLOADS = {
  concurrent: 6,
  concurrentPerClient: 4,
  bytesPerSecond: 1e12,
  bytesPerSecondPerClient: 1e12,
};

export interface TestApi extends AsyncDisposable {
  readonly socketPath: string;
  readonly chain: TestChain;
  readonly content: ContentStore;
  /** What was logged, a JSON document each. */
  readonly log: Record<string, unknown>[];
  ask(path: string, options?: Partial<Dispatcher.RequestOptions>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The error document's code. */
  readonly code: string | undefined;
}

/** The api with a real store, on a real socket. Doubles: the chain, and what other parts of the agent say. */
export async function startTestApi(owner: Address, changes: Partial<ApiParts> = {}): Promise<TestApi> {
  const home = await mkdtemp(join(tmpdir(), "worker3-test-"));
  const ledger = openLedger(":memory:");
  const log: Record<string, unknown>[] = [];
  const logger = createLogger({
    level: "warn",
    destination: { write: (line) => void log.push(JSON.parse(line)) },
  });
  const content = await openContentStore({ directory: join(home, "content"), ledger, limits: {}, logger });
  const chain: TestChain = {
    owner,
    delegates: new Set(),
    seats: new Set([7n]),
    named: new Map(),
    missingCredit: undefined,
    denied: new Set(),
    replicas: new Set(),
    room: 1e12,
  };
  const ownerOf = (projectId: bigint) => (projectId <= 9n ? chain.owner : undefined);
  const rules: UploadRules = {
    network: NETWORK,
    nowSeconds: () => NOW_SECONDS,
    carBytes: 10_000_000,
    content,
    denies: (projectId, cid) => chain.denied.has(cid) || chain.denied.has(String(projectId)),
    room(projectId, needed = 1) {
      if (chain.room >= needed) return chain.room;
      throw new ContentError({ code: "NO_ROOM", message: "no room", value: String(projectId) });
    },
    projectsNaming: (cid) => chain.named.get(cid) ?? [],
    hasSeat: (projectId) => chain.seats.has(projectId),
    missingCredit: () => chain.missingCredit,
    ownerOf,
    recoverKey,
    mayPropose: (_, who) => chain.delegates.has(who),
    isVouchedBy: changes.isVouchedBy,
  };
  const app = createApi({
    nodeId: NODE_ID,
    network: NETWORK,
    logger,
    readingChain: () => undefined,
    nowSeconds: () => NOW_SECONDS,
    nodeDocument: () => ({
      nodeId: NODE_ID,
      protocol: 1,
      instance: "test",
      version: "0.0.0",
      region: "weur",
      operator: owner,
      accepting: true,
      abuse: "abuse@example.org",
      capabilities: { compatibilityDate: "2026-11-17", bindings: ["vars"] },
    }),
    proveEndpoint: async (nonce) => ({ endpoint: "https://node.example.org", signature: nonce }),
    projectDocument: (projectId) =>
      projectId === 7n
        ? {
            projectId: "7",
            wanted: 2,
            active: 1,
            ready: [1, 2],
            role: "replica",
            state: "warm",
            proposed: [],
          }
        : undefined,
    ownedProjects: ({ owner }) => ({ owner, block: 5, projects: [], next: null }),
    projectFailure: () => ({ code: "CELL_FAILING", message: "It ended.", log: "its last words" }),
    usageTotals: (projectId) =>
      projectId === 7n ? { requests: 2n ** 60n, cpuMs: 3n, egressKiB: 0n, storedMiB: 5n } : undefined,
    usageMinutes: () => [{ minute: "2026-01-01T00:00:00Z", requests: "7", cpuMs: "3", egressBytes: "12" }],
    statementText: (projectId, epoch) => (projectId === 7n && epoch === 10 ? '{"é":1}' : undefined),
    ownerOf,
    recoverKey,
    content,
    isDenied: (cid) => chain.denied.has(cid),
    uploads: createUploadAdmission(rules),
    downloads: createDownloads({ limits: TEST_DOWNLOADS }),
    isReplica: (operator) => chain.replicas.has(operator),
    isReady: () => false,
    isAwaited: () => true,
    afterUpload: async () => ({ ready: true }),
    ...changes,
  });
  const server = await serveOnSocket(app, join(home, "api.sock"), 0o600);
  const dispatcher = new Agent({ connect: { socketPath: server.path } });
  return {
    socketPath: server.path,
    chain,
    content,
    log,
    async ask(path, options = {}) {
      const { statusCode, headers, body } = await request(`http://n3.nodes.worker3.localhost${path}`, {
        dispatcher,
        ...options,
      } as Parameters<typeof request>[1]);
      const bytes = new Uint8Array(await body.arrayBuffer());
      const text = new TextDecoder().decode(bytes);
      const isError = statusCode >= 400 && text.startsWith("{");
      const code = isError ? (JSON.parse(text) as { error: { code: string } }).error.code : undefined;
      return { status: statusCode, headers: headers as Record<string, string>, bytes, text, code };
    },
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy();
      await server.close();
      ledger.close();
      await rm(home, { recursive: true });
    },
  };
}

/** A deployment of static files, the `text` in its page. */
export async function testSite(
  text: string,
  largeBytes = 1_500_000,
): Promise<{ cid: string; car: Uint8Array<ArrayBuffer> }> {
  const utf8 = (value: string): Uint8Array => new TextEncoder().encode(value);
  const site: FolderEntry[] = [
    { path: ".worker3/manifest.json", content: utf8('{"assets":{},"manifest":2}') },
    { path: "index.html", content: utf8(`<p>${text}`) },
    { path: "large", content: new Uint8Array(largeBytes).map((_, index) => index % 251) },
  ];
  return { cid: (await pack(site)).cid, car: await carOf(site) };
}
