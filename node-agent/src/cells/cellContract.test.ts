import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pollUntil } from "../process/pollUntil.ts";
import { identifyProcess, isRunning } from "../process/processIdentity.ts";
import { until } from "../testing/until.ts";
import type { SandboxKind } from "./sandbox/Sandbox.ts";
import { ask } from "./testing/ask.ts";
import { processesOf } from "./testing/processesOf.ts";
import { rejectsCode } from "./testing/rejectsCode.ts";
import { TestRunner } from "./testing/TestRunner.ts";

const HELLO = "export default { fetch() { return new Response('hello') } }";

/** What holds for cells in every sandbox. */
export function cellContract(sandbox: SandboxKind): void {
  describe(`cells, bound by ${sandbox}`, () => {
    let test: TestRunner;
    let cellsDirectory: string;
    const nothingLeft = () => {
      assert.deepEqual(processesOf(test.home), []);
      assert.deepEqual(readdirSync(cellsDirectory), []);
      assert.deepEqual(test.runner.cells(), []);
    };

    before(async () => {
      test = await TestRunner.create({ sandbox, logCapBytes: 100_000 });
      cellsDirectory = join(test.home, "cells");
    });
    after(async () => {
      await test.close();
      assert.deepEqual(processesOf(test.home), []);
    });
    afterEach(() => Promise.all(test.runner.cells().map((cell) => cell.stop({ graceMs: 0 }))));

    it("say what binds them", () => {
      assert.equal(test.runner.enforces.bound, sandbox);
      assert.equal(test.runner.enforces.sandbox, sandbox === "bwrap");
      assert.equal(test.runner.enforces.memory, "none");
    });

    it("give the worker a cache that keeps nothing, and does not throw", async () => {
      const spec = await test.spec(
        { main: "main.js", modules: { "main.js": "esm" }, compatibilityDate: "2026-11-01" },
        {
          "worker/main.js": `export default { async fetch(request) {
            const before = await caches.default.match(request);
            await caches.default.put(request, new Response("kept", { headers: { "cache-control": "max-age=60" } }));
            const named = await caches.open("named");
            return Response.json({
              before: before === undefined,
              after: (await caches.default.match(request)) === undefined,
              named: (await named.match(request)) === undefined,
              deleted: await caches.default.delete(request),
            });
          } }`,
        },
      );
      const cell = await test.runner.start(spec);
      const { status, body } = await ask(cell.socketPath, { path: "/" });
      assert.equal(status, 200, body);
      assert.deepEqual(JSON.parse(body), { before: true, after: true, named: true, deleted: false });
    });

    it("tell the worker nothing of who asks on this machine", async () => {
      const { socketPath } = await test.worker(
        "export default { fetch: (request) => Response.json(request.cf ?? null) }",
      );
      assert.equal((await ask(socketPath, { path: "/" })).body, "null");
    });

    it("give the worker its modules, variables and assets", async () => {
      const wasm = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
      const vars = {
        TEXT: 'line\n"q" \\ \u0000\u007f ü😀',
        N: 1.5,
        NULL: null,
        DEEP: { a: ["\\", "\u0000"] },
      };
      const spec = await test.spec(
        {
          main: "src/main.js",
          modules: {
            "src/main.js": "esm",
            "src/a b/ü.js": "esm",
            "c.cjs": "commonjs",
            "t.txt": "text",
            "d.bin": "data",
            "w.wasm": "wasm",
            "j.json": "json",
          },
          compatibilityDate: "2026-11-01",
          compatibilityFlags: ["nodejs_compat"],
          vars,
          assets: { binding: "ASSETS" },
        },
        {
          "worker/src/main.js": `
            import odd from "./a b/ü.js"; import common from "../c.cjs"; import text from "../t.txt";
            import data from "../d.bin"; import wasm from "../w.wasm"; import json from "../j.json";
            import { Buffer } from "node:buffer";
            export default { async fetch(request, { ASSETS, ...vars }) {
              const asset = await (await ASSETS.fetch("http://any.host/file.txt")).text();
              return Response.json({ odd, common: common.name, text, data: Buffer.from(data).toString("hex"),
                wasm: wasm instanceof WebAssembly.Module, json, asset, vars, url: request.url });
            } }`,
          "worker/src/a b/ü.js": "export default 'odd'",
          "worker/c.cjs": "module.exports = { name: 'common' }",
          "worker/t.txt": "text\0ü",
          "worker/d.bin": Uint8Array.of(0, 255, 128),
          "worker/w.wasm": wasm,
          "worker/j.json": '{"json":true}',
          "assets/file.txt": "an asset",
        },
      );
      const cell = await test.runner.start(spec);
      const { status, body } = await ask(cell.socketPath, { path: "/x?y" });
      assert.equal(status, 200, body);
      assert.deepEqual(JSON.parse(body), {
        odd: "odd",
        common: "common",
        text: "text\0ü",
        data: "00ff80",
        wasm: true,
        json: { json: true },
        asset: "an asset",
        vars,
        url: "http://site.test/x?y",
      });
    });

    it("get no request but the visitors'", async () => {
      const cell = await test.worker(
        "let n = 0; export default { fetch() { return new Response(String(++n)) } }",
      );
      await cell.ping({ signal: AbortSignal.timeout(5_000) });
      assert.equal((await ask(cell.socketPath, { path: "/" })).body, "1");
    });

    it("see nothing of the agent's environment", async () => {
      const source = `import { env } from "node:process";
        export default { fetch() { return Response.json([env, new Date().getTimezoneOffset()]) } }`;
      const cell = await test.worker(source, { compatibilityFlags: ["nodejs_compat"], vars: { V: "v" } });
      assert.deepEqual(JSON.parse((await ask(cell.socketPath, { path: "/" })).body), [{ V: "v" }, 0]);
    });

    it("do not reach this machine", async () => {
      let reached = 0;
      const server = createServer((_request, response) => {
        reached += 1;
        response.end("secret");
      });
      server.on("connection", () => {
        reached += 1;
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      try {
        const cell = await test.worker(`
          import { connect } from "cloudflare:sockets";
          async function attempt(run) { try { return String(await run()) } catch { return "refused" } }
          export default { async fetch() { return Response.json(await Promise.all([
            ...["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"].map((host) =>
              attempt(async () => (await fetch("http://" + host + ":${port}/")).text())),
            attempt(async () => { const socket = connect("127.0.0.1:${port}"); await socket.opened; return "open" }),
          ])) } }`);
        const { body } = await ask(cell.socketPath, { path: "/" });
        assert.deepEqual(JSON.parse(body), ["refused", "refused", "refused", "refused"]);
        assert.equal(reached, 0);
      } finally {
        server.close();
      }
    });

    for (const [name, source, reason] of [
      ["has a syntax error", "export default { fetch( {", /SyntaxError/],
      ["throws", "throw new Error('boom at start')", /boom at start/],
      ["exports no handler", "export const a = 1", /TypeError/],
      ["imports what is not there", `import "./none.js"; ${HELLO}`, /none\.js/],
    ] as const) {
      it(`do not start when the worker ${name}, and say why`, async () => {
        const error = await rejectsCode(test.worker(source), "CELL_START_FAILED");
        assert.match(error.value ?? "", reason);
        assert.match(error.message, reason);
        nothingLeft();
      });
    }

    it("do not start when the manifest asks for what is not supported", async () => {
      const kv = { bindings: [{ type: "kv", name: "KV", id: "k" }] };
      assert.equal((await rejectsCode(test.worker(HELLO, kv), "UNSUPPORTED_BINDING")).value, "KV");
      nothingLeft();
    });

    it("are given up when the caller does not wait any longer", async () => {
      const spec = await test.spec(
        { main: "i.js", modules: { "i.js": "esm" }, compatibilityDate: "2026-11-01" },
        { "worker/i.js": "while (true);" },
      );
      const reason = new Error("enough");
      const controller = new AbortController();
      const start = test.runner.start(spec, { signal: controller.signal });
      await until("its process", () => processesOf(test.home).length > 0);
      controller.abort(reason);
      await assert.rejects(start, reason);
      nothingLeft();
      await assert.rejects(test.runner.start(spec, { signal: AbortSignal.abort(reason) }), reason);
      nothingLeft();
    });

    it("finish their requests when they are stopped", async () => {
      const cell = await test.worker(`export default { async fetch() {
        console.log("began"); await scheduler.wait(300); return new Response("finished") } }`);
      const answer = ask(cell.socketPath, { path: "/" });
      let log = "";
      while (!log.includes("began")) log = await readFile(cell.logPath, "utf8");
      const end = cell.stop({ graceMs: 10_000 });
      assert.equal(cell.state(), "draining");
      assert.equal((await answer).body, "finished");
      const { reason, code, signal } = await end;
      assert.deepEqual({ reason, code, signal }, { reason: "stopped", code: 0, signal: null });
      assert.equal(cell.state(), "gone");
      assert.equal(await cell.stop({ graceMs: 0 }), await cell.gone);
      nothingLeft();
    });

    it("are killed when they hang, and do not answer a ping then", async () => {
      const cell = await test.worker("export default { fetch() { while (true); } }");
      const answer = ask(cell.socketPath, { path: "/" }).catch((error: unknown) => error);
      await until("it works", () => cell.cpuMs() > 50);
      await assert.rejects(cell.ping({ signal: AbortSignal.timeout(250) }), { name: "TimeoutError" });
      void cell.stop({ graceMs: 60_000 });
      const { reason, signal } = await cell.stop({ graceMs: 100 });
      assert.deepEqual([reason, signal], ["stopped", "SIGKILL"]);
      assert.ok((await answer) instanceof Error);
      nothingLeft();
    });

    it("that crash say so, with the last of their log", async () => {
      const cell = await test.worker(
        "export default { fetch() { console.log('last words'); return new Response() } }",
      );
      await ask(cell.socketPath, { path: "/" });
      process.kill(cell.pid, "SIGKILL");
      const { reason, code, signal, log } = await cell.gone;
      assert.deepEqual({ reason, code, signal }, { reason: "crashed", code: null, signal: "SIGKILL" });
      assert.match(log, /last words/);
      assert.equal(cell.state(), "gone");
      await rejectsCode(cell.ping({ signal: AbortSignal.timeout(1_000) }), "CELL_PING_FAILED");
      nothingLeft();
    });

    it("are metered from when they are ready, and keep the figure", async () => {
      const cell = await test.worker(`
        let x = 0; for (let i = 0; i < 1e7; i++) x += Math.sqrt(i);
        export default { fetch() { for (let i = 0; i < 1e7; i++) x += Math.sqrt(i); return new Response(String(x)) } }`);
      const idle = cell.cpuMs();
      assert.ok(idle < 20, `${idle} ms before the first request`);
      assert.ok(cell.rssBytes() > 10 * 1024 * 1024 && cell.rssBytes() < 1024 ** 3);
      // A fast processor takes some requests for that.
      await until("it used some", async () => {
        await ask(cell.socketPath, { path: "/" });
        return cell.cpuMs() > idle + 50;
      });
      const used = cell.cpuMs();
      assert.ok(Number.isInteger(used), `${used} ms`);
      await cell.stop({ graceMs: 5_000 });
      assert.ok(cell.cpuMs() >= used);
      assert.equal(cell.rssBytes(), 0);
    });

    it("may print as much as they like", async () => {
      const cell = await test.worker(`export default { fetch() {
        for (let i = 0; i < 2000; i++) console.log("x".repeat(1000)); console.log("done"); return new Response("ok") } }`);
      for (let i = 0; i < 3; i += 1) assert.equal((await ask(cell.socketPath, { path: "/" })).body, "ok");
      await until("the log is capped", async () => (await stat(cell.logPath)).size <= 100_000);
      assert.equal((await ask(cell.socketPath, { path: "/" })).body, "ok");
      assert.match((await cell.stop({ graceMs: 5_000 })).log, /done$/);
    });

    it("run side by side, each with its own", async () => {
      const cells = await Promise.all(
        Array.from({ length: 4 }, (_, n) =>
          test.worker(`export default { fetch() { return new Response("${n}") } }`),
        ),
      );
      assert.equal(new Set(cells.map((cell) => cell.pid)).size, 4);
      assert.equal(test.runner.cells().length, 4);
      const answers = await Promise.all(cells.map((cell) => ask(cell.socketPath, { path: "/" })));
      assert.deepEqual(
        answers.map(({ body }) => body),
        ["0", "1", "2", "3"],
      );
    });

    it("do not outlive a killed agent, or not the start of the next", async () => {
      const spec = await test.spec(
        { main: "i.js", modules: { "i.js": "esm" }, compatibilityDate: "2026-11-01" },
        { "worker/i.js": HELLO },
      );
      const directory = join(test.home, "left");
      const script = fileURLToPath(new URL("testing/agent.ts", import.meta.url));
      const agent = spawn(
        process.execPath,
        ["--conditions=source", "--no-warnings", script, directory, spec.folder, sandbox],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      const [said] = await once(agent.stdout, "data");
      const identity = identifyProcess(Number(String(said)));
      assert.ok(identity && isRunning(identity));
      agent.kill("SIGKILL");
      await once(agent, "exit");
      const dead = () => pollUntil(() => !isRunning(identity), { timeoutMs: 60_000 });
      if (sandbox === "none") assert.ok(isRunning(identity), "nothing ends it");
      else assert.ok(await dead(), "it died with the agent");

      const next = await TestRunner.create({ sandbox, directory });
      try {
        assert.ok(await dead());
        assert.deepEqual(readdirSync(directory), []);
      } finally {
        await next.close();
      }
    });

    it("end with the runner, also those that are starting", async () => {
      const other = await TestRunner.create({ sandbox });
      const cell = await other.worker(HELLO);
      const before = processesOf(other.home).length;
      const starting = other.worker("while (true);");
      await until("its process", () => processesOf(other.home).length > before);
      const refused = rejectsCode(starting, "CELLS_CLOSED");
      await other.close();
      await refused;
      assert.equal((await cell.gone).reason, "stopped");
      assert.deepEqual(processesOf(other.home), []);
      assert.equal(existsSync(other.home), false);
      await rejectsCode(other.runner.start(cell.spec), "CELLS_CLOSED");
    });
  });
}
