import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readPrivateBytes } from "../cells/process/readPrivateBytes.ts";
import { until } from "../testing/until.ts";
import { attackedNode, handler } from "./testing/attackedNode.ts";
import { ATTACK_SOURCES } from "./testing/attackSources.ts";

/** The neighbours' requests need a hundredth of it. */
const REQUEST_MS = 4_000;
/** A cell that holds nothing has less memory of its own: below the limit of 64 MiB. */
const HELD_BYTES = 40 << 20;

/** What a tenant may try with code alone, on a node with neighbours that are being visited all the while. */
describe("a hostile tenant", function () {
  this.timeout(120_000);
  const attacked = attackedNode(() => ({ cells: { startTimeoutMs: 6_000, memoryMiB: 64 } }));
  const { attack, deploy, visit, idOf, incidentsOf, cellsOf } = attacked;

  for (const [what, name] of [
    ["loops for ever", "loop"],
    ["loops in microtasks", "microtasks"],
    ["has a regular expression backtrack", "regexp"],
  ] as const) {
    it(`that ${what} is killed, its visitor told, and its next one served`, async () => {
      const { status, code: told, projectId, headers } = await attack(name, ATTACK_SOURCES[name]);
      // One request that goes over its limit may be cut before it is clear that the cell hangs.
      assert.match(`${status} ${told}`, /^503 CPU_(HANG|LIMIT)$/);
      const next = await visit(name, "/ok");
      assert.deepEqual([next.status, next.body], [200, "ok"]);
      await until("its end", () => incidentsOf(projectId).includes("CPU_HANG 1"));
      const incident = () => attacked.node.serving.incidents.of(projectId).find(({ code }) => code === told);
      await until("its request's id", () => incident()?.requestIds.length === 1);
      assert.deepEqual(incident()?.requestIds, [headers["worker3-error-id"]]);
    });
  }

  it("that works on and on, yielding in between, has that request cut and keeps its others", async () => {
    const { status, code, projectId } = await attack("yields", ATTACK_SOURCES.yields);
    assert.deepEqual([status, code], [503, "CPU_LIMIT"]);
    assert.deepEqual(incidentsOf(projectId), ["CPU_LIMIT 1"]);
    assert.equal((await visit("yields", "/ok")).body, "ok");
  });

  for (const [what, name] of [
    ["JavaScript's heap", "heap"],
    ["ArrayBuffers", "buffers"],
  ] as const) {
    it(`that fills ${what} is ended long before the machine is full`, async () => {
      const { status, projectId } = await attack(name, ATTACK_SOURCES[name]);
      assert.ok([502, 503].includes(status), String(status));
      // A fresh cell may have taken its place; it holds nothing yet.
      const held = () => cellsOf(projectId).map(({ pid }) => readPrivateBytes(pid));
      await until("its end", () => held().every((bytes) => bytes < HELD_BYTES));
      assert.match(incidentsOf(projectId).join(), /MEMORY_LIMIT|CPU_HANG/);
    });
  }

  it("that holds 100,000 timers is served, and bounded like any other", async () => {
    const { status, code } = await attack("timers", ATTACK_SOURCES.timers);
    assert.ok(status === 200 || /^CPU_/.test(String(code)), `${status} ${code}`);
  });

  it("that asks 10,000 times for what it must not reach gets nowhere", async () => {
    const { status, body, code } = await attack(
      "subrequests",
      handler(`
        let reached = 0;
        for (let i = 0; i < 100; i++)
          await Promise.all(Array.from({ length: 100 }, () => fetch("http://127.0.0.1:${attacked.node.edge.port}/").then(() => { reached += 1 }, () => {})));
        return new Response(String(reached))`),
      { limits: { cpuMs: 30_000 } },
    );
    assert.deepEqual([status, body, code], [200, "0", undefined]);
  });

  it("reaches no private address, however it is written", async () => {
    const hosts = [
      "127.0.0.1",
      "localhost",
      "2130706433",
      "0x7f000001",
      "017700000001",
      "127.1",
      "0.0.0.0",
      "[::1]",
      "[::ffff:127.0.0.1]",
      "[::ffff:7f00:1]",
      "169.254.169.254",
      "10.0.0.1",
      "192.168.0.1",
      "172.16.0.1",
      "100.64.0.1",
      "[fd00:ec2::254]",
      "[fe80::1]",
    ];
    const { body } = await attack(
      "private",
      handler(`
        const hosts = ${JSON.stringify(hosts)};
        const ask = (host) => fetch("http://" + host + ":${attacked.node.edge.port}/", { signal: AbortSignal.timeout(2_000) }).then((answer) => host + " " + answer.status, () => undefined);
        return Response.json((await Promise.all(hosts.map(ask))).filter(Boolean))`),
    );
    assert.equal(body, "[]");
  });

  it("that opens sockets to this machine gets none", async () => {
    const { body } = await attack(
      "sockets",
      `import { connect } from "cloudflare:sockets";
       export default { async fetch() {
         try { await connect({ hostname: "127.0.0.1", port: ${attacked.node.edge.port} }).opened; return new Response("open"); }
         catch { return new Response("closed"); }
       } }`,
    );
    assert.equal(body, "closed");
  });

  for (const [what, name, source, manifest] of [
    [
      "process.exit",
      "exit",
      `import process from "node:process"; export default { fetch() { process.exit(1); return new Response("?") } }`,
      { compatibilityFlags: ["nodejs_compat"] },
    ],
    ["ctx.abort", "abort", handler(`ctx.abort("over"); return new Response("?")`), {}],
  ] as const) {
    it(`that calls ${what} ends its request, and not even its own process`, async () => {
      const { status, code, projectId } = await attack(name, source, manifest);
      assert.deepEqual([status, code], [500, undefined]);
      const [cell] = cellsOf(projectId);
      for (let i = 0; i < 8; i++) assert.equal((await visit(name)).status, 500);
      assert.deepEqual(
        cellsOf(projectId).map(({ pid }) => pid),
        [cell?.pid],
      );
    });
  }

  it("that calls abortIsolate ends its own process, and is given up when it goes on", async () => {
    const source = `import { abortIsolate } from "cloudflare:workers";
      export default { fetch() { abortIsolate("over"); return new Response("?") } }`;
    const { status, code, projectId } = await attack("isolate", source);
    assert.deepEqual([status, code], [502, "UPSTREAM_FAILED"]);
    const told = async () => (await visit("isolate")).headers["worker3-error"];
    await until("it is failing", async () => (await told()) === "CELL_FAILING", { timeoutMs: 60_000 });
    assert.equal(attacked.node.serving.reconciler.status(projectId)?.code, "CELL_FAILING");
  });

  it("that writes 100 MB of logs fills no disk", async () => {
    const { projectId } = await attack("logs", ATTACK_SOURCES.logs, { limits: { cpuMs: 30_000 } });
    const [cell] = cellsOf(projectId);
    assert.ok(cell !== undefined);
    await until("a log of its size", () => statSync(cell.logPath).size <= 2 << 20);
  });

  it("that throws at its start is refused with the reason, and tried again at its next version", async () => {
    const { status, code, projectId } = await attack("throws", "throw new Error('no')");
    assert.deepEqual([status, code], [503, "CELL_START_FAILED"]);
    assert.equal(attacked.node.serving.reconciler.status(projectId)?.code, "CELL_START_FAILED");
    await deploy("throws", handler("return new Response('mended')"));
    await until("the next version", async () => (await visit("throws")).body === "mended");
  });

  it("that takes 30 s to start is given up", async () => {
    const { status, code } = await attack(
      "slow-start",
      `const end = Date.now() + 30_000; let n = 0; while (n < 3e10) n++; export default { fetch: () => new Response(String(n)) }`,
    );
    assert.deepEqual([status, code], [503, "CELL_START_TIMEOUT"]);
  });

  it("with 50 MB of JavaScript is refused before anything is started", async () => {
    const { status, code } = await attack(
      "huge",
      `export default { fetch() {} } /* ${"x".repeat(50_000_000)} */`,
    );
    assert.deepEqual([status, code], [503, "SCRIPT_TOO_LARGE"]);
  });

  for (const flag of ["experimental", "unsafe_module", "python_workers"]) {
    it(`that asks for the flag ${flag} is no deployment`, async () => {
      const deployed = deploy(`asks-${flag}`, handler("return new Response()"), {
        compatibilityFlags: [flag],
      });
      await assert.rejects(deployed, /compatibilityFlags\[0\]/);
    });
  }

  for (const [what, manifest, expected] of [
    ["a flag that nobody knows", { compatibilityFlags: ["no_such_flag"] }, "UNSUPPORTED_COMPATIBILITY_FLAG"],
    ["a date to come", { compatibilityDate: "2099-01-01" }, "COMPATIBILITY_DATE_TOO_NEW"],
  ] as const) {
    it(`that asks for ${what} is refused by name`, async () => {
      const name = `asks-${expected.toLowerCase()}`;
      const { status, code } = await attack(name, handler("return new Response()"), manifest);
      assert.deepEqual([status, code], [503, expected]);
    });
  }

  // There is no storage yet whose quota could be filled: whoever asks for some gets no cell.
  for (const [what, manifest] of [
    ["kv", { bindings: [{ type: "kv", name: "KV", id: "kv" }] }],
    ["d1", { bindings: [{ type: "d1", name: "DB", id: "db" }] }],
    [
      "durable_object",
      {
        bindings: [{ type: "durable_object", name: "COUNTER", className: "Counter" }],
        migrations: [{ tag: "v1", newSqliteClasses: ["Counter"] }],
      },
    ],
    ["queue_producer", { bindings: [{ type: "queue_producer", name: "QUEUE", queue: "queue" }] }],
    ["workflow", { bindings: [{ type: "workflow", name: "FLOW", workflow: "flow", className: "Flow" }] }],
  ] as const) {
    it(`that asks for a ${what} binding, which would hold state, is refused by name`, async () => {
      const source =
        "export class Counter {}; export class Flow {}; export default { fetch: () => new Response() }";
      const { status, code, projectId } = await attack(`binds-${what}`, source, manifest);
      assert.deepEqual([status, code], [503, "UNSUPPORTED_BINDING"]);
      assert.match(
        attacked.node.serving.reconciler.status(projectId)?.failure?.message ?? "",
        new RegExp(`^${what} bindings are not supported`),
      );
      assert.deepEqual(cellsOf(projectId), []);
    });
  }

  it("that imports workerd:unsafe does not start", async () => {
    const { status, code } = await attack(
      "unsafe",
      `import unsafe from "workerd:unsafe"; export default { fetch() { return new Response(String(unsafe)) } }`,
    );
    assert.deepEqual([status, code], [503, "CELL_START_FAILED"]);
  });

  for (const [what, modules] of [
    ["above its folder", { "../index.js": "esm" }],
    ["of the machine", { "/etc/passwd": "text" }],
  ] as const) {
    it(`whose manifest names a path ${what} is no deployment`, async () => {
      await assert.rejects(
        attacked.node.deploy(idOf("outside"), {
          manifest: { main: Object.keys(modules)[0], modules, compatibilityDate: "2026-11-01" },
          files: {},
        }),
        /path|module/i,
      );
    });
  }

  it("that hangs on every request is never given up: each visitor is told why, and its next version serves", async () => {
    const { projectId } = await attack("hangs", handler("for (;;) {}"));
    for (let i = 0; i < 8; i++) {
      const { status, headers } = await visit("hangs");
      assert.match(`${status} ${headers["worker3-error"]}`, /^503 CPU_(HANG|LIMIT)$/);
    }
    assert.equal(attacked.node.serving.reconciler.status(projectId)?.code, undefined);
    await deploy("hangs", handler("return new Response('mended')"));
    await until("the next version", async () => (await visit("hangs")).body === "mended");
  });

  it("left no process and no file of its cells behind", async () => {
    const directories = readdirSync(join(attacked.node.serving.cells.cells()[0]?.logPath ?? "", "../.."));
    assert.equal(directories.length, attacked.node.serving.cells.cells().length);
  });
});

describe("a hostile tenant whose response never ends", function () {
  this.timeout(120_000);
  const attacked = attackedNode(() => ({ cells: { requestMs: REQUEST_MS } }));

  it("is cut off after the wall time", async () => {
    const { node, deploy, idOf, visit, incidentsOf } = attacked;
    await deploy(
      "endless",
      handler(`const { readable, writable } = new TransformStream(); const writer = writable.getWriter();
        ctx.waitUntil((async () => { for (;;) { await writer.write(new TextEncoder().encode("x")); await scheduler.wait(100); } })());
        return new Response(readable)`),
    );
    const fromMs = performance.now();
    await assert.rejects(visit("endless"));
    assert.ok(performance.now() - fromMs >= REQUEST_MS);
    const projectId = idOf("endless");
    await until("the cut", () => node.serving.incidents.of(projectId).length > 0);
    assert.deepEqual(incidentsOf(projectId), ["WALL_LIMIT 1"]);
  });
});
