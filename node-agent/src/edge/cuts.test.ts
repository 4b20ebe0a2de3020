import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { NO_LOAD } from "./Load.ts";
import {
  eventually,
  fetchEdge,
  startTestEdge,
  TEST_REQUEST_LIMITS,
  type TestEdge,
  totals,
  type Upstream,
} from "./testing/testEdge.ts";

const HOST = "cut.example";
const refusal = { status: 503, code: "CPU_LIMIT", message: "too much CPU time" };

describe("edge: requests that are cut off", () => {
  let test: TestEdge;
  let upstream: Upstream;
  let open: Map<string, ServerResponse>;

  beforeEach(() => begin());
  afterEach(() => test.stop());

  async function begin(wallMs = 600_000): Promise<void> {
    test = await startTestEdge({ requestLimits: { ...TEST_REQUEST_LIMITS, concurrent: 3, wallMs } });
    open = new Map();
    upstream = await test.upstream((request, response) => {
      if (request.url === "/ok") return void response.end("ok");
      open.set(request.url ?? "", response);
      if (request.url?.startsWith("/begun")) response.write("part");
    });
    test.routeTo("1", HOST, upstream.path, 4);
    await eventually(async () => (await ask("/ok")).status === 200);
  }

  const ask = (path: string, method = "GET") => fetchEdge(test.edge, { host: HOST, path, method });
  const cut = (minAgeMs = 0) => test.edge.cut(upstream.path, { choice: { by: "age", minAgeMs }, refusal });

  it("one without a response gets the refusal with an id, once, and none is tried again", async () => {
    let asked = 0;
    upstream.server.on("request", () => {
      asked += 1;
    });
    const answer = ask("/slow");
    await eventually(() => open.has("/slow"));
    await cut();
    const { status, headers, body } = await answer;
    assert.equal(status, 503);
    assert.equal(headers["worker3-error"], "CPU_LIMIT");
    assert.equal(headers["worker3-version"], "4");
    const id = headers["worker3-error-id"];
    assert.match(body, new RegExp(`id ${id}`));
    await eventually(() => test.cuts.length === 1);
    const cell = upstream.path;
    assert.deepEqual(test.cuts, [{ projectId: "1", version: 4, upstream: cell, code: "CPU_LIMIT", id }]);
    await cut();
    assert.equal((await ask("/ok")).body, "ok");
    assert.deepEqual([asked, test.cuts.length], [2, 1]);
    await eventually(() => open.get("/slow")?.destroyed === true);
  });

  it("one whose response has begun is broken off, and what was sent counts", async () => {
    const before = totals(test.reports, "1");
    const answer = ask("/begun");
    answer.catch(() => {});
    await eventually(() => open.has("/begun"));
    await eventually(() => test.edge.load(upstream.path).inFlight === 1);
    await cut();
    await assert.rejects(answer);
    await eventually(() => test.cuts.length === 1);
    await eventually(() => totals(test.reports, "1").egressBytes - before.egressBytes >= 4);
  });

  it("a younger one is spared", async () => {
    // The order to cut takes its way: where that was too long for the difference in age, a larger one is tried.
    for (let apartMs = 300; apartMs < 30_000; apartMs *= 3) {
      const old = ask(`/old${apartMs}`);
      await eventually(() => open.has(`/old${apartMs}`));
      const oldMs = performance.now();
      await eventually(() => performance.now() - oldMs > apartMs);
      const youngMs = performance.now();
      const young = ask(`/young${apartMs}`);
      await eventually(() => open.has(`/young${apartMs}`));
      await cut(performance.now() - youngMs + apartMs / 2);
      assert.equal((await old).status, 503);
      open.get(`/young${apartMs}`)?.end("young");
      if ((await young).body === "young") return;
    }
    assert.fail("it was cut like the old one");
  });

  it("one that takes longer than it may is 504, a WebSocket lives on", async () => {
    await test.stop();
    await begin(1_500);
    upstream.server.on("upgrade", (_, socket) => {
      socket.on("error", () => {});
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
    });
    const socket = connect(test.edge.port, "127.0.0.1");
    socket.on("error", () => {});
    let said = "";
    socket.on("data", (chunk) => {
      said += chunk;
    });
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    await eventually(() => said.startsWith("HTTP/1.1 101"));
    const { status, headers } = await ask("/never");
    assert.deepEqual([status, headers["worker3-error"]], [504, "WALL_LIMIT"]);
    const endless = ask("/begun-endless");
    await assert.rejects(endless);
    await eventually(() => test.cuts.filter(({ code }) => code === "WALL_LIMIT").length === 2);
    assert.equal(socket.destroyed, false);
    socket.destroy();
  });

  it("more at once than a cell may have are refused, and one that ends makes room", async () => {
    const waiting = ["/a", "/b", "/c"].map((path) => ask(path));
    await eventually(() => open.size === 3);
    const { status, headers } = await ask("/d");
    assert.deepEqual([status, headers["worker3-error"]], [503, "OVERLOADED"]);
    open.get("/a")?.end("a");
    assert.equal((await waiting[0])?.body, "a");
    await eventually(async () => (await ask("/ok")).status === 200);
    await cut();
    for (const answer of waiting.slice(1)) assert.equal((await answer).status, 503);
  });

  it("the load of an upstream is told within a moment, over all processes", async () => {
    const idle = () => test.edge.load(upstream.path).inFlight === 0;
    await eventually(() => idle() && test.edge.load(upstream.path).started >= 1);
    const { started } = test.edge.load(upstream.path);
    const answer = ask("/held");
    await eventually(() => test.edge.load(upstream.path).inFlight === 1);
    assert.equal(test.edge.load(upstream.path).started, started + 1);
    open.get("/held")?.end();
    await answer;
    await eventually(() => test.edge.load(upstream.path).inFlight === 0);
    assert.deepEqual(test.edge.load("/nothing"), NO_LOAD);
  });
});
