import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { EdgeError } from "./EdgeError.ts";
import { eventually, fetchEdge, startTestEdge, type TestEdge, talk, totals } from "./testing/testEdge.ts";

const HOST = "far.example";

describe("edge: another node answers", () => {
  let test: TestEdge;
  let seen: IncomingMessage[];
  let ends: (() => Promise<void>)[];

  beforeEach(async () => {
    ends = [];
    seen = [];
    test = await start();
  });
  afterEach(async () => {
    for (const end of ends.reverse()) await end();
  });

  async function start(nodeId = 7): Promise<TestEdge> {
    const started = await startTestEdge({ nodeId });
    ends.push(() => started.stop());
    return started;
  }

  /** A node that is played, by a real server. */
  async function startNode(listener: RequestListener): Promise<{ origin: string; connections: Set<Socket> }> {
    const server = createServer((request, response) => {
      seen.push(request);
      listener(request, response);
    });
    const connections = new Set<Socket>();
    server.on("connection", (socket) => {
      connections.add(socket);
      socket.on("error", () => {}).once("close", () => connections.delete(socket));
    });
    server.on("upgrade", (_, socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
      socket.on("data", (chunk) => socket.write(chunk));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ends.push(async () => {
      for (const socket of connections) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    });
    return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections };
  }

  /** Routes HOST there; resolves when the process knows. */
  async function routeTo(origin: string, edge = test): Promise<void> {
    edge.route("1", HOST, { kind: "remote", version: 3, origin });
    await untilRouted(edge);
  }

  async function untilRouted({ edge, route }: TestEdge): Promise<void> {
    route("probe", "probe.example", { kind: "refused", status: 418, code: "READY", message: "" });
    await eventually(async () => (await fetchEdge(edge, { host: "probe.example" })).status === 418);
    edge.removeRoutes(["probe"]);
  }

  const counted = async () => {
    await test.edge.close({ graceMs: 0 });
    return totals(test.reports, "1");
  };

  it("the request goes there as it came, and the answer comes back and counts here", async () => {
    const node = await startNode((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        response.writeHead(201, { "worker3-node": "8", "worker3-version": "4", "x-own": "kept" });
        response.end(`${request.method} ${request.url} ${request.headers.host} ${body}`);
      });
    });
    await routeTo(node.origin);
    const options = { host: HOST, path: "/a?b=c", method: "POST", body: "sent", headers: { cookie: "a=1" } };
    const { status, headers, body } = await fetchEdge(test.edge, options);
    const expected = `POST /a?b=c ${HOST} sent`;
    assert.deepEqual([status, body, headers["x-own"]], [201, expected, "kept"]);
    // Where the visitor is connected, and which version the other node says that it served.
    assert.deepEqual([headers["worker3-node"], headers["worker3-version"]], ["7", "4"]);
    assert.equal(seen[0]?.headers.cookie, "a=1");
    assert.deepEqual(await counted(), { requests: 1, egressBytes: expected.length });
  });

  it("the other node is told the version, the visitor and the hop, and nothing in the platform's name by visitors", async () => {
    const node = await startNode((_, response) => response.end());
    await routeTo(node.origin);
    const forged = { "worker3-version": "9", "worker3-intent": "forged", "x-forwarded-for": "6.6.6.6" };
    await fetchEdge(test.edge, { host: HOST, headers: forged });
    const { headers } = seen[0] ?? assert.fail("nothing came");
    assert.deepEqual(
      Object.entries(headers).filter(([name]) => name.startsWith("worker3-")),
      [
        ["worker3-version", "3"],
        ["worker3-hops", "1"],
      ],
    );
    assert.equal(headers["x-forwarded-for"], "127.0.0.1");
  });

  it("a side of a split may be there: who gets it is decided here", async () => {
    const node = await startNode((request, response) => response.end(request.headers["worker3-version"]));
    const cell = await test.upstream((_, response) => response.end("cell"));
    test.route("1", HOST, {
      kind: "split",
      active: { kind: "cell", version: 1, socketPath: cell.path },
      canary: { kind: "remote", version: 2, origin: node.origin },
      bps: 5_000,
    });
    await untilRouted(test);
    const ask = (wanted: string) =>
      fetchEdge(test.edge, { host: HOST, headers: { "worker3-version": wanted } });
    assert.deepEqual([(await ask("1")).body, (await ask("2")).body], ["cell", "2"]);
  });

  it("a WebSocket passes and counts", async () => {
    const node = await startNode((_, response) => response.end());
    await routeTo(node.origin);
    const head = `GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\necho`;
    const said = await talk(test.edge, head, (text) => text.endsWith("echo"));
    assert.match(said, /^HTTP\/1\.1 101 /);
    assert.deepEqual(await counted(), { requests: 1, egressBytes: 4 });
  });

  it("an answer of the other node's own goes on with its code, and does not count", async () => {
    const node = await startNode((_, response) => {
      response.writeHead(503, { "worker3-error": "CELL_START_TIMEOUT", "worker3-error-id": "abc" });
      response.end("a page");
    });
    await routeTo(node.origin);
    const { status, headers, body } = await fetchEdge(test.edge, { host: HOST });
    assert.deepEqual([status, body], [503, "a page"]);
    assert.deepEqual([headers["worker3-error"], headers["worker3-error-id"]], ["CELL_START_TIMEOUT", "abc"]);
    assert.deepEqual(await counted(), { requests: 0, egressBytes: 0 });
  });

  it("a node that is away is 502, told to the agent by its origin, and no reason to wake a cell", async () => {
    const node = await startNode((_, response) => response.end());
    await ends.pop()?.();
    await routeTo(node.origin);
    const { status, headers } = await fetchEdge(test.edge, { host: HOST });
    assert.deepEqual([status, headers["worker3-error"]], [502, "UPSTREAM_FAILED"]);
    await eventually(() =>
      test.troubles.some((trouble) => trouble.startsWith(`${node.origin} ECONNREFUSED`)),
    );
    assert.deepEqual(test.wakes, []);
  });

  it("its connections are closed when it is retired", async () => {
    const node = await startNode((_, response) => response.end("ok"));
    await routeTo(node.origin);
    await fetchEdge(test.edge, { host: HOST });
    assert.equal(node.connections.size, 1);
    test.edge.removeRoutes(["1"]);
    await test.edge.retire(node.origin);
    await eventually(() => node.connections.size === 0);
  });

  it("the other edge's cell answers, and hears nothing of nodes", async () => {
    const other = await start(8);
    const cell = await other.upstream((request, response) => {
      const platform = Object.keys(request.headers).filter((name) => name.startsWith("worker3-"));
      response.end(`cell ${platform}`);
    });
    other.routeTo("1", HOST, cell.path, 3);
    await untilRouted(other);
    await routeTo(other.edge.url);
    const { body, headers } = await fetchEdge(test.edge, { host: HOST });
    assert.deepEqual([body, headers["worker3-version"], headers["worker3-node"]], ["cell ", "3", "7"]);
  });

  it("two nodes that forward to each other end it after one hop, with 508 and without a count", async () => {
    const other = await start(8);
    await routeTo(test.edge.url, other);
    await routeTo(other.edge.url);
    const { status, headers, body } = await fetchEdge(test.edge, { host: HOST });
    assert.deepEqual([status, headers["worker3-error"]], [508, "LOOP_DETECTED"]);
    assert.match(body, /node 8,/);
    assert.deepEqual(await counted(), { requests: 0, egressBytes: 0 });
    await other.edge.close({ graceMs: 0 });
    assert.deepEqual(totals(other.reports, "1"), { requests: 0, egressBytes: 0 });
  });

  for (const hops of ["1", "2", "0", "-1", "x", ""]) {
    it(`who claims to be forwarded is not forwarded, and loses nothing else: "${hops}"`, async () => {
      const node = await startNode((_, response) => response.end());
      await routeTo(node.origin);
      const cell = await test.upstream((_, response) => response.end("cell"));
      test.routeTo("2", "near.example", cell.path);
      await untilRouted(test);
      const headers = { "worker3-hops": hops };
      assert.equal((await fetchEdge(test.edge, { host: HOST, headers })).status, 508);
      assert.equal(seen.length, 0);
      assert.equal((await fetchEdge(test.edge, { host: "near.example", headers })).body, "cell");
      await test.edge.close({ graceMs: 0 });
      assert.equal(totals(test.reports, "2").requests, 1);
    });
  }

  for (const origin of [
    "",
    "node",
    "/run/x.sock",
    "ftp://node",
    "http://node/",
    "http://a@node",
    "HTTP://node",
  ]) {
    it(`a route to what is no origin is refused, and the one before stays: "${origin}"`, async () => {
      const node = await startNode((_, response) => response.end("ok"));
      await routeTo(node.origin);
      assert.throws(
        () => test.route("1", HOST, { kind: "remote", version: 4, origin }),
        (error) => error instanceof EdgeError && error.code === "ROUTE_INVALID" && error.value === origin,
      );
      assert.equal((await fetchEdge(test.edge, { host: HOST })).body, "ok");
    });
  }
});
