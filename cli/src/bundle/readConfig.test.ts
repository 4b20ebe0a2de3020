import assert from "node:assert/strict";
import { join } from "node:path";
import { Worker3Error } from "@worker3/sdk";
import { testSize } from "@worker3/sdk/testing";
import { folderWith } from "../testing/projectFolder.ts";
import { BundleError } from "./BundleError.ts";
import { bundleProject } from "./bundleProject.ts";
import { readConfig } from "./readConfig.ts";

const BASE = { main: "index.js", compatibility_date: "2026-11-01" };
const TOML = 'main = "index.js"\ncompatibility_date = "2026-11-01"\n';
const WORKER = "export default { fetch() { return new Response('x'); } };\n";
const BOM = "\uFEFF";

/** Wrangler really runs. */
describe("the configuration of a project", function () {
  this.timeout(120_000);

  const marked: Record<string, Record<string, string>> = {
    "wrangler.json": { "wrangler.json": BOM + JSON.stringify(BASE) },
    "wrangler.jsonc": { "wrangler.jsonc": `${BOM}// a comment\n${JSON.stringify(BASE)}` },
    "wrangler.toml": { "wrangler.toml": BOM + TOML },
    "package.json, and the worker": {
      "wrangler.json": JSON.stringify(BASE),
      "package.json": `${BOM}{"type":"module"}`,
      "index.js": BOM + WORKER,
    },
    "what names the built one": {
      ".wrangler/deploy/config.json": `${BOM}{"configPath":"../../dist/wrangler.json"}`,
      "dist/wrangler.json": JSON.stringify(BASE),
      "dist/index.js": WORKER,
    },
  };
  const all = Object.entries(marked);
  // wrangler.jsonc, and files of the command's own that a mark could spoil.
  for (const [name, files] of testSize({
    short: [all[1], all[4]].filter((each) => each !== undefined),
    whole: all,
  })) {
    it(`is read past a byte order mark: ${name}; and without a name`, async () => {
      await using folder = await folderWith({ "index.js": WORKER, ...files });
      await using bundled = await bundleProject({ directory: folder.path });
      assert.deepEqual(bundled.manifest.modules, { "index.js": "esm" });
    });
  }

  const broken: [file: string, text: string, place: string][] = [
    ["wrangler.json", '{\n  "name": "x",\n  "main": index.js\n}', "line 3 column 11"],
    ["wrangler.jsonc", '{\n  // a comment\n  "name": "x"\n  "main": "index.js"\n}', "line 4 column 3"],
    ["wrangler.toml", 'name = "t"\nmain = index.js\n', "line 2 column 8"],
    ["package.json", '{\n  "scripts": {,}\n}', "line 2 column 15"],
    ["package.json", '{\n  "scripts": {', "line 2 column 15"],
    ["_routes.json", '{\n  "version": 1,\n  "include": ["/a]\n}', "line 3 column 19"],
    [".wrangler/deploy/config.json", "{ configPath: 1 }", "line 1 column 3"],
  ];
  for (const [file, text, place] of broken) {
    it(`that is broken is told with its place: ${file}, ${place}`, async () => {
      await using folder = await folderWith({ "index.html": "", "_worker.js": WORKER, [file]: text });
      // A worker of Pages needs no package.json.
      await using sources = await folderWith({ "index.html": "", [file]: text });
      const error = await refusalOf(file === "package.json" ? sources.path : folder.path);
      assert.equal(error.code, "CONFIG_INVALID", error.message);
      assert.ok(error.message.includes(place), error.message);
      assert.ok(error.value?.endsWith(file), error.value);
    });
  }

  it("may bind the worker to itself, under the name that it has in an environment", async () => {
    const services = [
      { binding: "ME", service: "shop" },
      { binding: "ADMIN", service: "shop", entrypoint: "Admin" },
    ];
    const staging = { services: [{ binding: "ME", service: "shop-staging" }] };
    await using folder = await folderWith({
      "wrangler.json": JSON.stringify({ ...BASE, name: "shop", services, env: { staging } }),
      "index.js": `${WORKER}import { WorkerEntrypoint } from "cloudflare:workers"; export class Admin extends WorkerEntrypoint {}`,
    });
    await using bundled = await bundleProject({ directory: folder.path });
    assert.deepEqual(bundled.manifest.bindings, [
      { type: "service", name: "ME" },
      { type: "service", name: "ADMIN", entrypoint: "Admin" },
    ]);
    await using other = await bundleProject({ directory: folder.path, environment: "staging" });
    assert.deepEqual(other.manifest.bindings, [{ type: "service", name: "ME" }]);
    await using foreign = await folderWith({
      "wrangler.json": JSON.stringify({
        ...BASE,
        name: "shop",
        services: [...services, { binding: "OTHER", service: "other" }],
      }),
      "index.js": WORKER,
    });
    const refusal = await refusalOf(foreign.path);
    assert.equal(refusal.code, "UNSUPPORTED_FIELD", refusal.message);
  });

  it("names what is wrong in wrangler's words, all at once, before anything is bundled", async () => {
    await using folder = await folderWith({
      "wrangler.json": JSON.stringify({
        ...BASE,
        compatibility_flags: ["nodejs_compat", "No-Such"],
        vars: { "a-b": 1, fine: 2 },
        kv_namespaces: [
          { binding: "KV", id: "k" },
          { binding: "LOGS", id: "../etc" },
        ],
        triggers: { crons: ["every day"] },
      }),
      "index.js": "this does not parse",
    });
    const error = await refusalOf(folder.path);
    assert.equal(error.code, "MANIFEST_INVALID");
    for (const path of [
      "compatibility_flags[1] ",
      "kv_namespaces[1].id ",
      "triggers.crons[0] ",
      'vars["a-b"] ',
    ])
      assert.ok(error.message.includes(path), error.message);
    assert.doesNotMatch(error.message, /compatibilityFlags|bindings\[/);
  });

  it("names values that are wrong together with fields that are unknown or refused", async () => {
    const wrong = { compatibility_flags: ["No-Such"], triggers: { crons: ["every day"] } };
    for (const [field, code] of [
      ["compat_date", "UNKNOWN_FIELD"],
      ["ai", "UNSUPPORTED_FIELD"],
    ] as const) {
      await using folder = await folderWith({
        "wrangler.json": JSON.stringify({ ...BASE, ...wrong, [field]: { binding: "AI" } }),
      });
      await assert.rejects(readConfig(join(folder.path, "wrangler.json"), undefined), (error) => {
        assert.ok(error instanceof BundleError, String(error));
        assert.deepEqual([error.code, error.value], [code, field]);
        for (const path of [field, "triggers.crons[0]", "compatibility_flags[0]"])
          assert.ok(error.message.includes(`${path} `), error.message);
        return true;
      });
    }
  });

  it("names fields that are unknown together with what wrangler does not take", async () => {
    await using folder = await folderWith({
      "wrangler.json": JSON.stringify({ ...BASE, compatibility_date: "soon", compat_flags: [] }),
    });
    await assert.rejects(readConfig(join(folder.path, "wrangler.json"), undefined), (error) => {
      assert.ok(error instanceof BundleError, String(error));
      assert.equal(error.code, "CONFIG_INVALID");
      assert.match(error.message, /compatibility_date.*; compat_flags is no field that is known here$/s);
      return true;
    });
  });

  it("of a worker in Python is refused by its language", async () => {
    await using project = await folderWith({
      "wrangler.jsonc":
        '{"name":"p","main":"entry.py","compatibility_date":"2026-11-01","compatibility_flags":["python_workers"]}',
      "entry.py": "async def on_fetch(request, env): pass",
    });
    await assert.rejects(bundleProject({ directory: project.path }), (error) => {
      assert.ok(error instanceof BundleError);
      assert.deepEqual([error.code, error.value], ["UNSUPPORTED_LANGUAGE", join(project.path, "entry.py")]);
      return true;
    });
  });

  it("tells that a node gives less CPU time than it asks for", async () => {
    await using folder = await folderWith({
      "wrangler.json": JSON.stringify({ ...BASE, limits: { cpu_ms: 300_000 } }),
      "index.js": WORKER,
    });
    await using bundled = await bundleProject({ directory: folder.path });
    assert.equal(bundled.manifest.limits?.cpuMs, 300_000);
    assert.match(bundled.notices.join("\n"), /limits\.cpu_ms is 300000: a node gives 30000 at most/);
  });

  it("of Cloudflare's plugin for Vite is not bundled before the build made its own", async () => {
    await using folder = await folderWith({
      "wrangler.jsonc": JSON.stringify({ ...BASE, main: "worker/index.ts", assets: {} }),
      "vite.config.ts": "",
      "package.json": JSON.stringify({
        scripts: { build: "tsc -b && vite build" },
        devDependencies: { "@cloudflare/vite-plugin": "1" },
      }),
    });
    const error = await refusalOf(folder.path);
    assert.deepEqual([error.code, error.value], ["NOT_BUILT", folder.path]);
    assert.match(error.next ?? "", /npm run build/);
  });

  it("whose build command fails is refused in the command's own words", async () => {
    await using folder = await folderWith({
      "wrangler.json": JSON.stringify({
        ...BASE,
        build: { command: "echo the tile server is away >&2; echo and more; exit 3" },
      }),
      "index.js": WORKER,
    });
    const error = await refusalOf(folder.path);
    assert.equal(error.code, "BUNDLE_FAILED");
    assert.match(error.message, /the tile server is away/);
    assert.ok(join(folder.path, "x").startsWith(error.value ?? "-"));
  });
});

async function refusalOf(directory: string): Promise<Worker3Error> {
  try {
    await using _ = await bundleProject({ directory });
  } catch (error) {
    if (error instanceof Worker3Error) return error;
    throw error;
  }
  return assert.fail("nothing was refused");
}
