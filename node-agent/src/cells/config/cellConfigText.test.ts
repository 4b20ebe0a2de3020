import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { parseManifest } from "@worker3/sdk";
import type { AssetRules } from "../../bindings/assets/assetsConfig.ts";
import { cellConfigText } from "./cellConfigText.ts";

const layout = {
  assetsPath: "/deployment/assets",
  socketPath: "/s/t",
  controlPath: "/s/c",
  controlDirectory: "/s",
};

/** Manifests whose configurations are in `golden/`. `UPDATE_GOLDEN=1` writes them anew. */
const cases: Record<string, { manifest: object; rules?: AssetRules; usesCache?: boolean }> = {
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
    rules: { headers: '/*\n  X-Said: "yes"\n', redirects: "/old /new 301\n", ignore: "*.map\n" },
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
    usesCache: true,
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
  for (const [name, { manifest, rules = {}, usesCache = false }] of Object.entries(cases)) {
    it(`configures "${name}" as it is in golden/`, async () => {
      const text = cellConfigText({
        manifest: parseManifest({ manifest: 1, ...manifest }),
        layout,
        rules,
        usesCache,
      });
      const file = new URL(`golden/${name}.capnp`, import.meta.url);
      if (process.env.UPDATE_GOLDEN === "1") await writeFile(file, text);
      assert.equal(text, await readFile(file, "utf8"));
    });
  }
});
