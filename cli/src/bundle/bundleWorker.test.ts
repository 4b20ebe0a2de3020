import assert from "node:assert/strict";
import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Worker3Error } from "@worker3/sdk";
import { folderWith, type ProjectFolder, siteNames } from "../testing/projectFolder.ts";
import { bundleProject } from "./bundleProject.ts";

const BASE = { name: "test", main: "src/index.js", compatibility_date: "2026-11-01" };
const WORKER = "export default { fetch() { return new Response('x'); } };\n";

function project(config: object, files: Record<string, string | Uint8Array> = {}): Promise<ProjectFolder> {
  return folderWith({
    "wrangler.json": JSON.stringify({ ...BASE, ...config }),
    "src/index.js": WORKER,
    ...files,
  });
}

async function refusalOf(directory: string): Promise<Worker3Error> {
  try {
    await using _ = await bundleProject({ directory });
  } catch (error) {
    if (error instanceof Worker3Error) return error;
    throw error;
  }
  return assert.fail("nothing was refused");
}

/** Wrangler really runs. */
describe("bundleProject of workers", function () {
  this.timeout(120_000);

  it("gives each module the type of the rule that matched it", async () => {
    const wasm = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    await using folder = await project(
      {
        rules: [
          { type: "Data", globs: ["**/*.dat"], fallthrough: true },
          { type: "Text", globs: ["**/*.md"], fallthrough: true },
        ],
      },
      {
        "src/index.js": `
          import text from "./a.txt"; import page from "./b.html"; import sql from "./c.sql";
          import data from "./d.bin"; import own from "./e.dat"; import notes from "./f.md";
          import wasm from "./g.wasm"; import json from "./h.json";
          export default { fetch() { return Response.json([text, page, sql, data, own, notes, wasm, json]); } };`,
        "src/a.txt": "a",
        "src/b.html": "b",
        "src/c.sql": "c",
        "src/d.bin": "d",
        "src/e.dat": "e",
        "src/f.md": "f",
        "src/g.wasm": wasm,
        "src/h.json": '{"h":1}',
        "src/unused.txt": "nobody imports it",
      },
    );
    await using bundled = await bundleProject({ directory: folder.path });
    const types = Object.entries(bundled.manifest.modules ?? {}).map(([name, type]) => [
      name.replace(/^[\da-f]{40}-/, ""),
      type,
    ]);
    assert.deepEqual(Object.fromEntries(types), {
      "index.js": "esm",
      "a.txt": "text",
      "b.html": "text",
      "c.sql": "text",
      "d.bin": "data",
      "e.dat": "data",
      "f.md": "text",
      "g.wasm": "wasm",
    });
    const names = await readdir(join(bundled.directory, ".worker3", "worker"));
    assert.deepEqual(
      names.sort(),
      Object.keys(bundled.manifest.modules ?? {}).sort(),
      "nothing else is there",
    );
    const wasmName = names.find((name) => name.endsWith(".wasm")) ?? "";
    assert.deepEqual(
      new Uint8Array(await readFile(join(bundled.directory, ".worker3", "worker", wasmName))),
      wasm,
    );
  });

  it("takes modules that are not bundled, in their folders", async () => {
    await using folder = await project(
      { no_bundle: true, rules: [{ type: "ESModule", globs: ["**/*.js"] }] },
      { "src/index.js": 'export { default } from "./lib/worker.js";', "src/lib/worker.js": WORKER },
    );
    await using bundled = await bundleProject({ directory: folder.path });
    assert.deepEqual(bundled.manifest.modules, { "index.js": "esm", "lib/worker.js": "esm" });
  });

  it("names polyfills of Node without telling where wrangler is installed", async () => {
    await using folder = await project(
      { compatibility_flags: ["nodejs_compat"], compatibility_date: "2024-09-23" },
      {
        "src/index.js": `import os from "node:os"; import http from "node:http";
          export default { fetch() { return new Response(os.EOL + http.STATUS_CODES[200] + process.version); } };`,
      },
    );
    await using bundled = await bundleProject({ directory: folder.path });
    const code = await readFile(join(bundled.directory, ".worker3", "worker", "index.js"), "utf8");
    assert.match(code, /^\s*\/\/ node_modules\/unenv\//m);
    assert.doesNotMatch(code, /^.*\.\.\/.*node_modules.*$/m);
    assert.deepEqual(bundled.manifest.compatibilityFlags, ["nodejs_compat"]);
  });

  it("names a CommonJS package above the project by its package", async () => {
    await using folder = await folderWith({
      "node_modules/legacy/index.js": "module.exports = { answer: 42 };",
      "app/wrangler.json": JSON.stringify(BASE),
      "app/src/index.js":
        'import legacy from "legacy"; export default { fetch() { return Response.json(legacy); } };',
    });
    await using bundled = await bundleProject({ directory: join(folder.path, "app") });
    const code = await readFile(join(bundled.directory, ".worker3", "worker", "index.js"), "utf8");
    assert.match(code, /^ {2}"node_modules\/legacy\/index\.js"\(exports, module\) \{$/m);
    assert.doesNotMatch(code, /\.\.\//);
  });

  it("puts storage, time and limits into the manifest", async () => {
    await using folder = await project(
      {
        kv_namespaces: [{ binding: "KV", id: "k1" }, { binding: "NEW" }],
        d1_databases: [{ binding: "DB", database_name: "base", database_id: "d1" }],
        durable_objects: { bindings: [{ name: "COUNTER", class_name: "Counter" }] },
        migrations: [{ tag: "v1", new_sqlite_classes: ["Counter"] }],
        queues: {
          producers: [{ binding: "Q", queue: "jobs", delivery_delay: 3 }],
          consumers: [{ queue: "jobs", max_batch_size: 5, max_batch_timeout: 2, dead_letter_queue: "dead" }],
        },
        triggers: { crons: ["*/5 * * * *"] },
        limits: { cpu_ms: 50 },
        vars: { TEXT: "a", NUMBER: 1, OBJECT: { deep: [true, null] } },
      },
      {
        "src/index.js": `import { DurableObject } from "cloudflare:workers";
          export class Counter extends DurableObject {}
          export default { fetch() { return new Response("x"); }, queue() {}, scheduled() {} };`,
      },
    );
    await using bundled = await bundleProject({ directory: folder.path });
    const { bindings, migrations, crons, limits, vars } = bundled.manifest;
    assert.deepEqual(bindings, [
      { type: "kv", name: "KV", id: "k1" },
      { type: "kv", name: "NEW", id: "NEW" },
      { type: "d1", name: "DB", id: "d1" },
      { type: "durable_object", name: "COUNTER", className: "Counter" },
      { type: "queue_producer", name: "Q", queue: "jobs", deliveryDelaySeconds: 3 },
      {
        type: "queue_consumer",
        queue: "jobs",
        maxBatchSize: 5,
        maxBatchTimeoutSeconds: 2,
        deadLetterQueue: "dead",
      },
    ]);
    assert.deepEqual(migrations, [{ tag: "v1", newSqliteClasses: ["Counter"] }]);
    assert.deepEqual(crons, ["*/5 * * * *"]);
    assert.deepEqual(limits, { cpuMs: 50 });
    assert.deepEqual(vars, { TEXT: "a", NUMBER: 1, OBJECT: { deep: [true, null] } });
  });

  it("says how assets are served", async () => {
    await using folder = await project(
      {
        assets: {
          directory: "public",
          binding: "FILES",
          html_handling: "drop-trailing-slash",
          not_found_handling: "single-page-application",
          run_worker_first: ["/api/*", "!/api/docs/*"],
        },
      },
      {
        "public/index.html": "<p>",
        "public/wrangler.toml": "name='x'",
        "public/.dev.vars": "S=1",
        "public/.keep": "",
      },
    );
    await using bundled = await bundleProject({ directory: folder.path });
    assert.deepEqual(bundled.manifest.assets, {
      binding: "FILES",
      htmlHandling: "drop-trailing-slash",
      notFoundHandling: "single-page-application",
      runWorkerFirst: ["/api/*", "!/api/docs/*"],
    });
    assert.deepEqual((await siteNames(bundled.directory)).sort(), [".keep", "index.html"]);
    assert.match(bundled.notices.join(), /not published: \.dev\.vars, wrangler\.toml/);
  });

  it("runs the project's own build, which does not see the keys of this command", async () => {
    process.env.WORKER3_PRIVATE_KEY = "0xsecret";
    try {
      await using folder = await project({
        main: "built/index.js",
        build: {
          command: `mkdir built && echo "export default { key: '$WORKER3_PRIVATE_KEY', fetch() {} }" > built/index.js`,
        },
      });
      await using bundled = await bundleProject({ directory: folder.path });
      const code = await readFile(join(bundled.directory, ".worker3", "worker", "index.js"), "utf8");
      assert.match(code, /key: ""/);
    } finally {
      delete process.env.WORKER3_PRIVATE_KEY;
    }
  });

  it("follows the configuration that a build tool wrote", async () => {
    await using folder = await folderWith({
      "wrangler.json": JSON.stringify({
        name: "source",
        main: "src/missing.ts",
        compatibility_date: "2026-11-01",
      }),
      ".wrangler/deploy/config.json": JSON.stringify({ configPath: "../../dist/wrangler.json" }),
      "dist/wrangler.json": JSON.stringify({
        ...BASE,
        name: "built",
        main: "index.js",
        no_bundle: true,
        r2_buckets: [],
      }),
      "dist/index.js": WORKER,
    });
    await using bundled = await bundleProject({ directory: folder.path });
    assert.equal(bundled.name, "built");
    assert.deepEqual(bundled.manifest.modules, { "index.js": "esm" });
  });

  it("takes a project of Pages with its worker, and sends to it what _routes.json says", async () => {
    await using folder = await folderWith({
      "wrangler.jsonc": `{ "name": "p", "pages_build_output_dir": "dist", "compatibility_date": "2026-11-01", /* c */ "vars": { "A": "1" } }`,
      "dist/_worker.js": WORKER,
      "dist/_routes.json": JSON.stringify({ version: 1, include: ["/*"], exclude: ["/static/*"] }),
      "dist/index.html": "<p>",
    });
    await using bundled = await bundleProject({ directory: folder.path });
    assert.deepEqual(bundled.manifest, {
      manifest: 2,
      main: "_worker.js",
      modules: { "_worker.js": "esm" },
      compatibilityDate: "2026-11-01",
      vars: { A: "1" },
      assets: {
        binding: "ASSETS",
        notFoundHandling: "single-page-application",
        pages: true,
        runWorkerFirst: ["/*", "!/static", "!/static/*"],
      },
    });
    assert.deepEqual(await siteNames(bundled.directory), ["index.html"]);
    const code = await readFile(join(bundled.directory, ".worker3", "worker", "_worker.js"), "utf8");
    assert.doesNotMatch(code, /worker3-bundle|\.\.\//, "no path of this machine");
  });

  const refusals: [
    name: string,
    config: object,
    files: Record<string, string>,
    code: string,
    value?: string,
  ][] = [
    [
      "a worker without a date",
      { compatibility_date: undefined },
      {},
      "NO_COMPATIBILITY_DATE",
      "compatibility_date",
    ],
    ["a configuration with nothing in it", { main: undefined }, {}, "NOTHING_TO_SERVE"],
    ["an entry that is not there", { main: "src/nowhere.js" }, {}, "BUNDLE_FAILED"],
    ["code with a mistake", {}, { "src/index.js": "export default { fetch( { }" }, "BUNDLE_FAILED"],
    [
      "a worker that is no module",
      {},
      { "src/index.js": "addEventListener('fetch', () => {})" },
      "NOT_AN_ES_MODULE",
      "main",
    ],
    ["a folder of assets that is not there", { assets: { directory: "nope" } }, {}, "BUNDLE_FAILED"],
    ["a value of the wrong type", { vars: "text" }, {}, "CONFIG_INVALID"],
    ["a bad compatibility flag", { compatibility_flags: ["experimental"] }, {}, "MANIFEST_INVALID"],
  ];
  for (const [name, config, files, code, value] of refusals) {
    it(`refuses ${name}`, async () => {
      await using folder = await project(config, files);
      const error = await refusalOf(folder.path);
      assert.equal(error.code, code, error.message);
      if (value !== undefined) assert.equal(error.value, value);
      assert.ok(error.next, "it says what to do");
    });
  }

  it("tells wrangler's own words, without colours, log files and folders of this machine", async () => {
    await using folder = await project({}, { "src/index.js": 'import "nowhere-at-all"; export default {}' });
    const { message } = await refusalOf(folder.path);
    assert.match(message, /Could not resolve "nowhere-at-all"/);
    assert.match(message, /src\/index\.js:1/);
    assert.ok(!message.includes("\u001b"), "no colours");
    assert.doesNotMatch(message, /Logs were written|\/tmp\/|worker3-/);
  });

  it("starts no build of a project that is refused, and leaves no wrangler behind", async () => {
    const build = { command: "touch begun" };
    await using folder = await project({ build, r2_buckets: [{ binding: "B", bucket_name: "bucket" }] });
    const children = (): Promise<string> => readFile(`/proc/self/task/${process.pid}/children`, "utf8");
    const before = await children();
    assert.equal((await refusalOf(folder.path)).code, "UNSUPPORTED_FIELD");
    assert.equal(await children(), before, "wrangler is gone");
    await assert.rejects(access(join(folder.path, "begun")), "the build did not begin");
  });

  it("ends wrangler and the project's build when it is told to stop", async () => {
    await using folder = await project({
      build: { command: "echo $$ > pid && touch begun && sleep 600" },
    });
    const stop = new AbortController();
    const run = bundleProject({ directory: folder.path, signal: stop.signal });
    run.catch(() => undefined);
    const begun = await untilThere(join(folder.path, "begun"));
    assert.ok(begun, "the build began");
    const pid = Number(await readFile(join(folder.path, "pid"), "utf8"));
    stop.abort(new Error("enough"));
    await assert.rejects(run, /enough/);
    assert.ok(await untilGone(pid), "the build is gone");
  });
});

async function poll(isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (await isSo()) return true;
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function untilThere(path: string): Promise<boolean> {
  return poll(() =>
    access(path).then(
      () => true,
      () => false,
    ),
  );
}

function untilGone(pid: number): Promise<boolean> {
  return poll(() => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  });
}
