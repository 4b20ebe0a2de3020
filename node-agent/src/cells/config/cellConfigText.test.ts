import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { parseManifest } from "@worker3/sdk";
import { cellBindings } from "../../bindings/index.ts";
import { makeFolder, makeTemporary } from "../testing/makeFolder.ts";
import { cellConfigText } from "./cellConfigText.ts";

const layout = {
  socketPath: "/s/t",
  controlPath: "/s/c",
  controlDirectory: "/s",
};

/** Manifests and files whose configurations are in `golden/`. `UPDATE_GOLDEN=1` writes them anew. */
const cases: Record<string, { manifest: object; files?: Record<string, string> }> = {
  worker: {
    manifest: { main: "index.js", modules: { "index.js": "esm" }, compatibilityDate: "2026-11-01" },
  },
  assets: { manifest: { assets: {} } },
  spa: {
    manifest: {
      compatibilityDate: "2026-01-01",
      compatibilityFlags: ["assets_navigation_prefers_asset_serving"],
      assets: { notFoundHandling: "single-page-application", htmlHandling: "drop-trailing-slash" },
    },
    files: {
      "assets/_headers": '/*\n  X-Said: "yes"\n',
      "assets/_redirects": "/old /new 301\n",
      "assets/.assetsignore": "*.map\n",
    },
  },
  everything: {
    manifest: {
      main: "src/main.js",
      modules: {
        "a.cjs": "commonjs",
        'odd "name" ü.txt': "text",
        "b.bin": "data",
        "c.wasm": "wasm",
        "d.json": "json",
        "src/main.js": "esm",
        "src/other.js": "esm",
      },
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["nodejs_compat"],
      vars: { TEXT: 'line\n"quoted" \\ \u0000 ü', NUMBER: 1, NULL: null, DEEP: { list: [1, "a\\b"] } },
      assets: { binding: "ASSETS", notFoundHandling: "404-page", runWorkerFirst: ["/api/*", "!/api/docs/*"] },
    },
    files: { "worker/src/other.js": "await caches.default.match(request)" },
  },
  workerFirst: {
    manifest: {
      main: "index.js",
      modules: { "index.js": "esm" },
      compatibilityDate: "2026-11-01",
      assets: { runWorkerFirst: true },
    },
  },
};

describe("cellConfigText", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await makeTemporary();
  });
  afterEach(() => rm(folder, { recursive: true }));

  for (const [name, { manifest: said, files }] of Object.entries(cases)) {
    it(`configures "${name}" as it is in golden/`, async () => {
      const manifest = parseManifest({ manifest: 2, ...said });
      for (const module of Object.keys(manifest.modules ?? {}))
        await makeFolder(folder, { [`worker/${module}`]: "" });
      await makeFolder(folder, { ...files });
      const content = { manifest, folder, insideFolder: "/deployment" };
      const parts = await Promise.all(cellBindings.map((binding) => binding.parts(content)));
      const text = cellConfigText({ manifest, layout, parts });
      const file = new URL(`golden/${name}.capnp`, import.meta.url);
      if (process.env.UPDATE_GOLDEN === "1") await writeFile(file, text);
      assert.equal(text, await readFile(file, "utf8"));
    });
  }
});
