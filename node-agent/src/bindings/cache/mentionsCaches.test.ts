import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { parseManifest } from "@worker3/sdk";
import { makeFolder, makeTemporary } from "../../cells/testing/makeFolder.ts";
import { mentionsCaches } from "./mentionsCaches.ts";

describe("mentionsCaches", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await makeTemporary();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function mentions(modules: Readonly<Record<string, string | Uint8Array>>): Promise<boolean> {
    await makeFolder(
      folder,
      Object.fromEntries(Object.entries(modules).map(([name, bytes]) => [`worker/${name}`, bytes])),
    );
    const types = Object.keys(modules).map((name) => [name, name.endsWith(".wasm") ? "wasm" : "esm"]);
    return mentionsCaches({
      folder,
      manifest: parseManifest({
        manifest: 2,
        main: "i.js",
        modules: Object.fromEntries(types),
        compatibilityDate: "2026-11-01",
      }),
    });
  }

  it("sees the name in any module, WebAssembly too", async () => {
    assert.equal(await mentions({ "i.js": "x", "other.js": "globalThis?.caches.default" }), true);
    assert.equal(await mentions({ "i.js": "x", "a.wasm": new TextEncoder().encode("\0caches\0") }), true);
  });

  it("sees none in code without it, in files beside the worker, and where there is no worker", async () => {
    assert.equal(await mentions({ "i.js": "export default { fetch() { return cache } }" }), false);
    await makeFolder(folder, { "assets/a.js": "caches" });
    assert.equal(mentionsCaches({ folder, manifest: parseManifest({ manifest: 2, assets: {} }) }), false);
  });
});
