import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { testSize } from "@worker3/sdk/testing";
import { Agent, WebSocket } from "undici";
import type { Cell } from "../cells/Cell.ts";
import { ask } from "../cells/testing/ask.ts";
import { fetchEdge } from "../edge/testing/testEdge.ts";
import { type ServingNode, startServingNode, type TestVersion } from "../serving/testing/startServingNode.ts";
import { swapUnderLoad } from "../serving/testing/swapUnderLoad.ts";
import { type HeldClock, holdClock } from "../testing/holdClock.ts";
import { until } from "../testing/until.ts";

const PROJECT = 7n;
const SWAPS = testSize({ short: 30, whole: 200 });
/** So long that no test sees the end of it. */
const LONG_MS = 3_600_000;

/** What one version does: what takes its time takes it until this cell is asked to release it. */
const worker = (number: number): TestVersion => ({
  manifest: { main: "i.js", modules: { "i.js": "esm" }, compatibilityDate: "2026-11-01" },
  files: {
    "worker/i.js": `
      let isReleased = false;
      const untilReleased = async () => { while (!isReleased) await scheduler.wait(50); };
      export default { async fetch(request, env, context) {
        const { pathname } = new URL(request.url);
        if (pathname === "/release") isReleased = true;
        if (pathname === "/held") await untilReleased();
        if (pathname === "/later") context.waitUntil(untilReleased().then(() => console.log("it was waited for")));
        if (pathname === "/stream") {
          const { readable, writable } = new TransformStream();
          (async () => {
            const writer = writable.getWriter();
            const write = () => writer.write(new TextEncoder().encode("${number}"));
            await write();
            await untilReleased();
            for (let i = 1; i < 10; i++) await write();
            await writer.close();
          })();
          return new Response(readable);
        }
        if (pathname === "/socket") {
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

  async function openSocket(): Promise<WebSocket> {
    const dispatcher = new Agent({
      connect: { lookup: (_host, _options, found) => found(null, [{ address: "127.0.0.1", family: 4 }]) },
    });
    const socket = new WebSocket(`ws://${host}:${node.edge.port}/socket`, { dispatcher });
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    return socket;
  }
  /** What it answers. */
  const say = (socket: WebSocket, text: string) =>
    new Promise((resolve) => {
      socket.addEventListener("message", ({ data }) => resolve(data), { once: true });
      socket.send(text);
    });
  const inFlight = (cell: Cell) =>
    until("a request in flight", () => node.edge.load(cell.socketPath).inFlight > 0);

  it(`loses no request in ${SWAPS} swaps under load, and leaves no cell but the last`, async function () {
    this.timeout(240_000);
    node = await startServingNode();
    const { lost, answered, versionsSeen } = await swapUnderLoad(node, {
      projectId: PROJECT,
      swaps: SWAPS,
      visitors: 8,
    });
    assert.deepEqual(lost.slice(0, 10), []);
    assert.ok(versionsSeen >= SWAPS && answered > SWAPS * 8, `${versionsSeen} versions, ${answered} answers`);
    await until("the old cells end", () => node.runner.cells().length === 1);
  });

  describe("lets what is under way finish", () => {
    /** Serves version 1. Unless a test says otherwise, nothing ends before the test lets it. */
    async function begin(cells: { drainMs?: number; lingerMs?: number } = {}): Promise<Cell> {
      node = await startServingNode({ cells: { drainMs: LONG_MS, ...cells }, tickMs: 100 });
      host = node.hostOf(PROJECT);
      await deploy(1);
      const cell = node.runner.cells().find(({ spec }) => spec.version === 1);
      assert.ok(cell);
      return cell;
    }
    async function deploy(version: number): Promise<void> {
      await node.deploy(PROJECT, worker(version));
      await until(`version ${version}`, async () => {
        return (await fetchEdge(node.edge, { host })).body === String(version);
      });
    }
    /** Visitors get another version by now. */
    const release = (cell: Cell) => ask(cell.socketPath, { path: "/release" });
    /** The state that `node status` shows. */
    const shown = (version: number) =>
      node.reconciler.status(PROJECT)?.cells.find((cell) => cell.version === version)?.state;

    it("a long request", async () => {
      const cell = await begin();
      const answer = fetchEdge(node.edge, { host, path: "/held" });
      await inFlight(cell);
      await deploy(2);
      assert.equal(shown(1), "draining");
      assert.equal(cell.state(), "warm", "the process is told nothing while it is at it");
      await release(cell);
      assert.equal((await answer).body, "1");
      assert.equal((await cell.gone).reason, "stopped");
    });

    it("a stream", async () => {
      const cell = await begin();
      const response = requestStream("/stream");
      await response.begun;
      await deploy(2);
      await release(cell);
      assert.equal(await response.whole, "1".repeat(10));
    });

    it("a WebSocket", async () => {
      const cell = await begin();
      const socket = await openSocket();
      await deploy(2);
      assert.equal(await say(socket, "still there"), "1 still there");
      assert.equal(shown(1), "draining");
      socket.close();
      assert.equal((await cell.gone).reason, "stopped");
    });

    it("but neither a request nor a WebSocket longer than the limit", async () => {
      const cell = await begin({ drainMs: 500 });
      const answer = fetchEdge(node.edge, { host, path: "/held", method: "POST" }).catch(() => undefined);
      const socket = await openSocket();
      const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
      await until("both in flight", () => node.edge.load(cell.socketPath).inFlight === 2);
      await deploy(2);
      await cell.gone;
      assert.notEqual((await answer)?.status, 200);
      await closed;
    });

    it("what a response left to waitUntil", async () => {
      const cell = await begin({ lingerMs: LONG_MS });
      assert.equal((await fetchEdge(node.edge, { host, path: "/later" })).body, "1");
      await deploy(2);
      await until("the last request's end", () => node.edge.load(cell.socketPath).inFlight === 0);
      assert.equal(shown(1), "draining");
      await release(cell);
      await until("what was left", async () =>
        /it was waited for/.test(await readFile(cell.logPath, "utf8")),
      );
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
    const IDLE_MS = 60_000;
    let clock: HeldClock;
    let cell: Cell;

    beforeEach(async () => {
      // The test says when somebody looks, and what time it is then.
      node = await startServingNode({ idleMs: IDLE_MS, tickMs: LONG_MS });
      clock = holdClock();
      host = node.hostOf(PROJECT);
      await node.deploy(PROJECT, worker(1));
      assert.equal((await fetchEdge(node.edge, { host })).body, "1");
      const [started] = node.runner.cells();
      assert.ok(started);
      cell = started;
    });
    afterEach(() => clock[Symbol.dispose]());

    function lookAfter(ms: number): string | undefined {
      clock.advance(ms);
      node.reconciler.tick();
      return node.reconciler.status(PROJECT)?.state;
    }
    const atRest = () => until("nothing in flight", () => node.edge.load(cell.socketPath).inFlight === 0);

    it("keep a cell for a WebSocket that says nothing, and end it afterwards", async () => {
      const socket = await openSocket();
      await inFlight(cell);
      for (let i = 0; i < 3; i++) assert.equal(lookAfter(IDLE_MS * 10), "warm");
      assert.equal(await say(socket, "still there"), "1 still there");
      socket.close();
      await atRest();
      assert.equal(lookAfter(IDLE_MS), "warm");
      assert.equal(lookAfter(1), "sleeping");
      assert.equal((await cell.gone).reason, "stopped");
      assert.equal((await fetchEdge(node.edge, { host })).body, "1", "and a visitor wakes it");
    });

    it("keep a cell for a response that takes its time", async () => {
      const answer = fetchEdge(node.edge, { host, path: "/held" });
      await inFlight(cell);
      for (let i = 0; i < 3; i++) assert.equal(lookAfter(IDLE_MS * 10), "warm");
      await ask(cell.socketPath, { path: "/release" });
      assert.equal((await answer).body, "1");
      await atRest();
      assert.equal(lookAfter(IDLE_MS + 1), "sleeping");
    });
  });
});
