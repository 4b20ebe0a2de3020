import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { packFolder } from "@worker3/sdk/node";
import { copyOfExample, EXAMPLES, siteNames } from "../testing/projectFolder.ts";
import { bundleProject } from "./bundleProject.ts";

/** Wrangler and vite really run. */
describe("bundleProject of the example projects", function () {
  this.timeout(300_000);

  it("hono: the worker with its text module, variables and assets", async () => {
    await using bundled = await bundleProject({ directory: join(EXAMPLES, "hono") });
    const { manifest, directory } = bundled;
    const text = Object.keys(manifest.modules ?? {}).find((name) => name.endsWith("-notes.sql")) ?? "";
    assert.deepEqual(manifest, {
      manifest: 2,
      main: "index.js",
      modules: { "index.js": "esm", [text]: "text" },
      compatibilityDate: "2026-11-01",
      vars: { VERSION: "1.0.0", FEATURES: { echo: true } },
      assets: { binding: "ASSETS" },
    });
    assert.match(await readFile(join(directory, ".worker3", "worker", text), "utf8"), /^SELECT id, text\n/);
    assert.deepEqual(
      (await readdir(join(directory, ".worker3", "worker"))).sort(),
      [text, "index.js"].sort(),
    );
    assert.deepEqual((await siteNames(directory)).sort(), ["robots.txt", "style.css"]);
    const code = await readFile(join(directory, ".worker3", "worker", "index.js"), "utf8");
    assert.match(code, /^\/\/ node_modules\/hono\/dist\/hono\.js$/m, "sources are named by their package");
    assert.doesNotMatch(code, /\.\.\/node_modules/);
    assert.doesNotMatch(code, /sourceMappingURL/);
    assert.equal(bundled.name, "example-hono");
  });

  it("hono: one CID wherever it lies, another for another environment", async () => {
    await using near = await copyOfExample("hono", 0);
    await using deep = await copyOfExample("hono", 4);
    const [first, second, staging] = [
      await cidOf(near.path),
      await cidOf(deep.path),
      await cidOf(near.path, "staging"),
    ];
    assert.equal(first, second);
    assert.notEqual(first, staging);
  });

  it("hono: an environment has its own variables", async () => {
    await using bundled = await bundleProject({ directory: join(EXAMPLES, "hono"), environment: "staging" });
    assert.deepEqual(bundled.manifest.vars, { VERSION: "1.0.0-staging", FEATURES: { echo: false } });
    await assert.rejects(bundleProject({ directory: join(EXAMPLES, "hono"), environment: "nope" }), {
      code: "UNKNOWN_ENVIRONMENT",
      value: "nope",
      next: "choose one of: staging",
    });
  });

  it("sveltekit: unbuilt it says what to run; built by vite it is served, the same wherever it lies", async () => {
    await using unbuilt = await copyOfExample("sveltekit", 0, [".svelte-kit"]);
    await assert.rejects(bundleProject({ directory: unbuilt.path }), {
      code: "BUNDLE_FAILED",
      next: /npm run build/,
    });

    await viteBuild(join(EXAMPLES, "sveltekit"));
    await using bundled = await bundleProject({ directory: join(EXAMPLES, "sveltekit") });
    assert.deepEqual(bundled.manifest, {
      manifest: 2,
      main: "_worker.js",
      modules: { "_worker.js": "esm" },
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["nodejs_als"],
      assets: { binding: "ASSETS" },
    });
    const assets = await siteNames(bundled.directory);
    assert.deepEqual(
      assets.sort(),
      ["_app", "_headers", "about.html", "robots.txt"],
      "no worker code, rules are there",
    );
    assert.deepEqual(bundled.notices, []);

    await using packed = await packFolder(bundled.directory);
    await using copy = await copyOfExample("sveltekit", 3);
    assert.equal(await cidOf(copy.path), packed.cid);
  });
});

async function viteBuild(directory: string): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin", "vite.js");
  await promisify(execFile)(process.execPath, [vite, "build"], { cwd: directory });
}

async function cidOf(directory: string, environment?: string): Promise<string> {
  await using bundled = await bundleProject({ directory, environment });
  await using packed = await packFolder(bundled.directory);
  return packed.cid;
}
