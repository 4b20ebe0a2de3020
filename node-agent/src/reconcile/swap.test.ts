import assert from "node:assert/strict";
import { request } from "node:http";
import { Agent, WebSocket } from "undici";
import { testSize } from "../../../sdk/src/testing/testSize.ts";
import type { Cell } from "../cells/Cell.ts";
import { fetchEdge } from "../edge/testing/testEdge.ts";
import { type ServingNode, startServingNode, type TestVersion } from "../serving/testing/startServingNode.ts";
import { swapUnderLoad } from "../serving/testing/swapUnderLoad.ts";
import { until } from "../testing/until.ts";

const PROJECT = 7n;
const SWAPS = testSize({ short: 30, whole: 200 });
const DRAIN_MS = 3_000;

/** What one version does; `NUMBER` stands for it. */
const worker = (number: number): TestVersion => ({
  manifest: { main: "i.js", modules: { "i.js": "esm" }, compatibilityDate: "2026-11-01" },
  files: {
    "worker/i.js": `export default { async fetch(request, env, context) {
      const url = new URL(request.url);
      const ms = Number(url.searchParams.get("ms"));
      if (url.pathname === "/long") { await scheduler.wait(ms); return new Response("${number}"); }
      if (url.pathname === "/later") {
        context.waitUntil(scheduler.wait(ms).then(() => console.log("it was waited for")));
        return new Response("${number}");
      }
      if (url.pathname === "/stream") {
        const { readable, writable } = new TransformStream();
        (async () => {
          const writer = writable.getWriter();
          for (let i = 0; i < 10; i++) {
            await writer.write(new TextEncoder().encode("${number}"));
            await scheduler.wait(ms / 10);
          }
          await writer.close();
        })();
        return new Response(readable);
      }
      if (url.pathname === "/socket") {
        const [client, server] = Object.values(new WebSocketPair());
        server.accept();
        server.addEventListener("message", ({ data }) => server.send("${number} " + data));
        return new Response(null, { status: 101, webSocket: client });
      }
      return new Response("${number}");
    } }`,
  },
});

describe("a swap of versions, with real cells behind a real edge", () => {
  let node: ServingNode;
  let host: string;
  afterEach(() => node[Symbol.asyncDispose]());

  function openSocket(): WebSocket {
    const dispatcher = new Agent({
      connect: { lookup: (_host, _options, found) => found(null, [{ address: "127.0.0.1", family: 4 }]) },
    });
    return new WebSocket(`ws://${host}:${node.edge.port}/socket`, { dispatcher });
  }

  it(`loses no request in ${SWAPS} swaps under load, and leaves no cell but the last`, async function () {
    this.timeout(240_000);
    node = await startServingNode();
    const { lost, answered, versionsSeen } = await swapUnderLoad(node, {
      ...{ projectId: PROJECT, swaps: SWAPS, visitors: 8 },
    });
    assert.deepEqual(lost.slice(0, 10), []);
    assert.ok(
      versionsSeen > SWAPS * 0.9 && answered > SWAPS * 8,
      `${versionsSeen} versions, ${answered} answers`,
    );
    await until("the old cells end", () => node.runner.cells().length === 1);
  });

  describe("lets what is under way finish", () => {
    beforeEach(async () => {
      node = await startServingNode({ cells: { drainMs: DRAIN_MS, lingerMs: 1_500 }, tickMs: 100 });
      host = node.hostOf(PROJECT);
      await deploy(1);
    });

    async function deploy(version: number): Promise<void> {
      await node.deploy(PROJECT, worker(version));
      await until(`version ${version}`, async () => {
        return (await fetchEdge(node.edge, { host })).body === String(version);
      });
    }
    function oldCell(): Cell {
      const cell = node.runner.cells().find(({ spec }) => spec.version === 1);
      assert.ok(cell);
      return cell;
    }
    /** The state that `node status` shows. */
    const shown = (version: number) =>
      node.reconciler.status(PROJECT)?.cells.find((cell) => cell.version === version)?.state;
    const inFlight = (cell: Cell) =>
      until("a request in flight", () => node.edge.load(cell.socketPath).inFlight > 0);

    it("a long request", async () => {
      const cell = oldCell();
      const answer = fetchEdge(node.edge, { host, path: "/long?ms=2500" });
      await inFlight(cell);
      await deploy(2);
      assert.equal(shown(1), "draining");
      assert.equal((await answer).body, "1");
      assert.equal(cell.state(), "warm", "the process is told nothing while it is at it");
      assert.equal((await cell.gone).reason, "stopped");
    });

    it("a stream", async () => {
      const response = requestStream("/stream?ms=2000");
      await response.begun;
      await deploy(2);
      assert.equal(await response.whole, "1".repeat(10));
    });

    it("a WebSocket, up to the limit", async () => {
      const cell = oldCell();
      const socket = openSocket();
      const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
      const say = (text: string) =>
        new Promise((resolve) => {
          socket.addEventListener("message", ({ data }) => resolve(data), { once: true });
          socket.send(text);
        });
      await new Promise((resolve) => socket.addEventListener("open", resolve));
      await deploy(2);
      const swappedMs = Date.now();
      assert.equal(await say("still there"), "1 still there");
      assert.equal(shown(1), "draining");
      await closed;
      const lastedMs = Date.now() - swappedMs;
      assert.ok(lastedMs > DRAIN_MS / 2, `${lastedMs} ms`);
      await cell.gone;
    });

    it("but not longer than the limit", async function () {
      this.timeout(60_000);
      const cell = oldCell();
      const answer = fetchEdge(node.edge, { host, path: "/long?ms=30000", method: "POST" });
      answer.catch(() => undefined);
      await inFlight(cell);
      await deploy(2);
      const swappedMs = Date.now();
      await cell.gone;
      assert.ok(Date.now() - swappedMs < 25_000);
      assert.notEqual((await answer.catch(() => ({ status: 0 }))).status, 200);
    });

    it("what a response left to waitUntil", async () => {
      const cell = oldCell();
      assert.equal((await fetchEdge(node.edge, { host, path: "/later?ms=800" })).body, "1");
      await deploy(2);
      assert.match((await cell.gone).log, /it was waited for/);
    });

    function requestStream(path: string): { begun: Promise<void>; whole: Promise<string> } {
      const begun = Promise.withResolvers<void>();
      const whole = new Promise<string>((resolve, reject) => {
        const about = { host: "127.0.0.1", port: node.edge.port, path, headers: { host } };
        const sent = request(about, (response) => {
          let text = "";
          response.on("data", (chunk) => {
            text += chunk;
            begun.resolve();
          });
          response.once("error", reject);
          response.once("end", () => resolve(text));
        });
        sent.once("error", reject).end();
      });
      return { begun: begun.promise, whole };
    }
  });

  describe("and the idle rule", () => {
    beforeEach(async () => {
      node = await startServingNode({ cells: { idleMs: 1_000 }, tickMs: 100 });
      host = node.hostOf(PROJECT);
      await node.deploy(PROJECT, worker(1));
      assert.equal((await fetchEdge(node.edge, { host })).body, "1");
    });

    it("keep a cell for a WebSocket that says nothing, and end it afterwards", async () => {
      const socket = openSocket();
      await new Promise((resolve) => socket.addEventListener("open", resolve));
      const [cell] = node.runner.cells();
      assert.ok(cell);
      const untilMs = Date.now() + 4_000;
      await until("time passes", () => Date.now() > untilMs);
      assert.equal(cell.state(), "warm");
      assert.equal(node.reconciler.status(PROJECT)?.state, "warm");
      socket.close();
      assert.equal((await cell.gone).reason, "stopped");
      assert.equal(node.reconciler.status(PROJECT)?.state, "sleeping");
      assert.equal((await fetchEdge(node.edge, { host })).body, "1", "and a visitor wakes it");
    });

    it("keep a cell for a response that takes its time", async () => {
      assert.equal((await fetchEdge(node.edge, { host, path: "/long?ms=4000" })).body, "1");
    });
  });
});
