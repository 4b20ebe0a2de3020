import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the double answers; a test changes it between requests. */
export interface PlayedNode {
  nodeId: number;
  /** The version that it says it serves. */
  version: number;
  /** The versions that it says it holds; absent: the one that it serves. */
  ready?: number[];
  /** The second version that it shows to some: to those who ask for it by `worker3-version`, and to all while `isShown`. */
  canary?: { readonly version: number; readonly pages: Map<string, string>; isShown: boolean } | undefined;
  /** Its operator does not serve the project. */
  denies: boolean;
  /** Takes connections and says nothing. */
  silent: boolean;
  /** Ends connections without an answer: those of visitors, or all. */
  drops?: "pages" | "all" | undefined;
  /** Bodies by host name and percent-encoded path: `shop.worker3.localhost/a%20b.txt`. */
  pages: Map<string, string | Uint8Array>;
  /** CARs by CID. */
  cars: Map<string, Uint8Array>;
  /** Totals by `project/epoch`. */
  /** What it says that accounts own, by address in lower case. */
  owned: Map<string, readonly { projectId: string; domains: readonly string[] }[]>;
  /** Rows of a page. */
  pageRows: number;
  usage: Map<string, { requests: string; cpuMs: string; egressKiB: string; storedMiB: string }>;
}

export interface NodeDouble extends AsyncDisposable {
  readonly endpoint: string;
  readonly node: PlayedNode;
  /** `host path` of every request. */
  readonly asked: string[];
}

/** A double of a node: what nodes answer over HTTP, without an agent behind it. The agent itself is tested end to end. */
export async function playNode(nodeId: number): Promise<NodeDouble> {
  const node: PlayedNode = {
    nodeId,
    version: 1,
    denies: false,
    silent: false,
    pages: new Map(),
    cars: new Map(),
    owned: new Map(),
    pageRows: 100,
    usage: new Map(),
  };
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    if (!node.silent) answer(node, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    node,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(node: PlayedNode, { url = "/", headers }: IncomingMessage, response: ServerResponse): void {
  if (node.drops === "all") return void response.destroy();
  const [host = ""] = (headers.host ?? "").split(":");
  const [path = ""] = url.split("?");
  if (host !== "127.0.0.1") {
    if (node.drops === "pages") return void response.destroy();
    if (node.denies) return void response.writeHead(451, { "worker3-error": "DENIED" }).end("not here");
    const { canary } = node;
    const wanted = headers["worker3-version"] ?? String(canary?.isShown ? canary.version : node.version);
    const side = canary !== undefined && wanted === String(canary.version) ? canary : node;
    const body = side.pages.get(`${host}${path}`);
    response.setHeader("worker3-node", String(node.nodeId));
    response.setHeader("worker3-version", String(side.version));
    response.writeHead(body === undefined ? 404 : 200).end(body);
    return;
  }
  const [, car] = /^\/ipfs\/(\w+)$/.exec(path) ?? [];
  const [, project] = /^\/\.well-known\/worker3\/projects\/(\d+)$/.exec(path) ?? [];
  const [, used] = /^\/\.well-known\/worker3\/usage\/(\d+\/\d+)$/.exec(path) ?? [];
  if (path === "/.well-known/worker3/index/projects") {
    response.end(JSON.stringify(pageOf(node, new URL(url, "http://node").searchParams)));
    return;
  }
  const usage = node.usage.get(used ?? "");
  const bytes = node.cars.get(car ?? "");
  if (bytes !== undefined) response.setHeader("content-type", "application/vnd.ipld.car").end(bytes);
  else if (project !== undefined) {
    const { version, ready = [version], canary, denies } = node;
    response.end(
      JSON.stringify({
        projectId: project,
        wanted: version,
        active: denies ? 0 : version,
        ...(canary === undefined ? {} : { split: { version: canary.version, bps: 1_000 } }),
        ready,
        role: "replica",
        state: denies ? "refused" : "warm",
        ...(denies ? { code: "DENIED" } : {}),
      }),
    );
  } else if (usage !== undefined) response.end(JSON.stringify(usage));
  else response.writeHead(404).end();
}

function pageOf({ owned, pageRows }: PlayedNode, question: URLSearchParams): object {
  const owner = question.get("owner") ?? "";
  const after = BigInt(question.get("after") ?? 0);
  const rows = (owned.get(owner.toLowerCase()) ?? []).filter(({ projectId }) => BigInt(projectId) > after);
  const told = rows.slice(0, Math.min(pageRows, Number(question.get("limit"))));
  const next = told.length < rows.length ? told.at(-1)?.projectId : undefined;
  return { owner, block: 1, projects: told.map((row) => ({ owner, ...row })), next: next ?? null };
}
