import assert from "node:assert/strict";
import { Agent, createServer, request, type ServerResponse } from "node:http";
import { join } from "node:path";
import {
  eventually,
  fetchEdge,
  startTestEdge,
  startUpstream,
  TEST_REQUEST_LIMITS,
  type TestEdge,
  talk,
  totals,
  type Upstream,
} from "./testing/testEdge.ts";

const HOST = "limits.example";
const MIB = 1_048_576;

describe("edge: what one visitor may take", () => {
  let test: TestEdge;
  let upstream: Upstream;
  let asked: string[];
  let held: ServerResponse[];

  let apiAsked: number;

  beforeEach(async () => {
    [asked, held, apiAsked] = [[], [], 0];
    const limits = { bodyBytes: 2 * MIB, concurrentPerClient: 3, webSocketsPerClient: 2 };
    test = await startTestEdge({
      requestLimits: { ...TEST_REQUEST_LIMITS, ...limits },
      // Two at once that are costly, and none of them comes back within the test.
      apiRates: { perClient: 100, total: 100, costlyPerClient: 0.2, costlyTotal: 0.3 },
    });
    upstream = await test.upstream((incoming, response) => {
      asked.push(incoming.url ?? "");
      if (incoming.url?.startsWith("/held")) return void held.push(response);
      let bytes = 0;
      incoming.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      incoming.once("end", () => response.end(String(bytes)));
      incoming.once("error", () => {});
    });
    upstream.server.on("upgrade", (_, socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
    });
    test.routeTo("1", HOST, upstream.path);
    await eventually(async () => (await fetchEdge(test.edge, { host: HOST })).status === 200);
    await eventually(() => totals(test.reports, "1").requests === asked.length);
    asked = [];
  });
  afterEach(() => test.stop());

  const post = (bytes: number, headers: Record<string, string> = {}) =>
    fetchEdge(test.edge, {
      host: HOST,
      path: `/${bytes}`,
      method: "POST",
      body: Buffer.alloc(bytes),
      headers,
    });
  const codeOf = ({ status, headers }: Awaited<ReturnType<typeof post>>) =>
    `${status} ${headers["worker3-error"] ?? "-"}`;

  it("bodies are as large as they may be, and one that announces more never reaches the project", async () => {
    assert.equal((await post(2 * MIB)).body, String(2 * MIB));
    assert.equal(codeOf(await post(2 * MIB + 1)), "413 BODY_TOO_LARGE");
    assert.deepEqual(asked, [`/${2 * MIB}`]);
  });

  it("a body that announces nothing is cut off where it goes over, and nothing is counted for it", async () => {
    const before = totals(test.reports, "1").requests;
    const chunked = { "transfer-encoding": "chunked" };
    assert.equal((await post(2 * MIB, chunked)).body, String(2 * MIB));
    assert.equal(codeOf(await post(3 * MIB, chunked)), "413 BODY_TOO_LARGE");
    await eventually(() => totals(test.reports, "1").requests === before + 1);
    // It is no limit of the project's: nothing for its owner to look at.
    assert.deepEqual(test.cuts, []);
  });

  it("who waits for a 100 before a body that is too large is told so instead", async () => {
    const head = `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: ${2 * MIB + 1}\r\nExpect: 100-continue\r\n\r\n`;
    assert.match(await talk(test.edge, head), /^HTTP\/1\.1 413 /);
  });

  it("a route's own size of bodies goes before the node's", async () => {
    test.route("1", HOST, { kind: "cell", version: 1, socketPath: upstream.path, bodyBytes: 3 * MIB });
    await eventually(async () => (await post(3 * MIB)).status === 200);
    assert.equal(codeOf(await post(3 * MIB + 1)), "413 BODY_TOO_LARGE");
  });

  /** A request from another address of this machine. */
  function ask(
    address: string,
    path: string,
    { host = HOST, ...headers }: Record<string, string> = {},
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      const { port } = test.edge;
      const agent = new Agent();
      const call = request(
        { host: "127.0.0.1", port, path, agent, localAddress: address, headers: { host, ...headers } },
        (response) => {
          response.resume();
          resolve(`${response.statusCode} ${response.headers["worker3-error"] ?? "-"}`);
        },
      );
      call.once("upgrade", (response, socket) => {
        socket.on("error", () => {});
        resolve(`${response.statusCode} -`);
      });
      call.once("error", reject);
      call.end();
    });
  }

  it("one address has so many requests under way; others are served beside it, and it again when one ends", async () => {
    const waiting = [1, 2, 3].map((n) => ask("127.0.0.1", `/held${n}`));
    await eventually(() => held.length === 3);
    assert.equal(await ask("127.0.0.1", "/"), "429 TOO_MANY_AT_ONCE");
    assert.equal(await ask("127.0.0.2", "/"), "200 -");
    for (const response of held) response.end();
    assert.deepEqual(await Promise.all(waiting), ["200 -", "200 -", "200 -"]);
    await eventually(async () => (await ask("127.0.0.1", "/")) === "200 -");
  });

  it("one address has so many WebSockets open, and requests beside them", async () => {
    const upgrade = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-version": "13",
    };
    for (let i = 0; i < 2; i++) assert.equal(await ask("127.0.0.1", "/", upgrade), "101 -");
    assert.equal(await ask("127.0.0.1", "/", upgrade), "429 TOO_MANY_AT_ONCE");
    assert.equal(await ask("127.0.0.2", "/", upgrade), "101 -");
    assert.equal(await ask("127.0.0.1", "/"), "200 -");
  });

  it("one address asks the node itself for what is costly so often, and all together; projects never notice", async () => {
    const api = await startUpstream(
      createServer((incoming, response) => {
        apiAsked += 1;
        incoming.resume().once("end", () => response.end("api"));
      }),
      join(test.directory, "api.sock"),
    );
    const host = "n7.nodes.worker3.localhost";
    const costly = (address: string) => ask(address, "/.well-known/worker3/node?nonce=0x12", { host });
    assert.deepEqual(
      [await costly("127.0.0.1"), await costly("127.0.0.1"), await costly("127.0.0.1")],
      ["200 -", "200 -", "429 TOO_MANY_REQUESTS"],
    );
    assert.deepEqual(
      [await costly("127.0.0.2"), await costly("127.0.0.2")],
      ["200 -", "429 TOO_MANY_REQUESTS"],
    );
    assert.equal(apiAsked, 3, "what is refused reaches no agent");
    assert.equal(await ask("127.0.0.1", "/.well-known/worker3/node", { host }), "200 -");
    assert.equal(
      await ask("127.0.0.1", "/.well-known/worker3/node", { host, "worker3-request": "x" }),
      "429 TOO_MANY_REQUESTS",
    );
    assert.equal(await ask("127.0.0.1", "/?nonce=0x12", { "worker3-request": "x" }), "200 -");
    await api.kill();
  });

  it("whose request fails at a cell that a limit ends is told of the limit, not that the project could not answer", async () => {
    const answer = fetchEdge(test.edge, { host: HOST, path: "/held", method: "POST", body: "x" });
    await eventually(() => held.length === 1);
    const refusal = { status: 503, code: "CPU_HANG", message: "it hangs" };
    // It came after the cell was asked for a sign of life, and is not cut.
    await test.edge.cut(upstream.path, {
      choice: { by: "age", minAgeMs: 3_600_000 },
      refusal,
      isEnding: true,
    });
    await upstream.kill();
    assert.equal(codeOf(await answer), "503 CPU_HANG");
  });
});
