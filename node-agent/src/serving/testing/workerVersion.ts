import type { TestVersion } from "./startServingNode.ts";

/** A version of one module; `manifest` says what is else. */
export function workerVersion(source: string, manifest: object = {}): TestVersion {
  const worker = { main: "index.js", modules: { "index.js": "esm" }, compatibilityDate: "2026-11-01" };
  return { manifest: { ...worker, ...manifest }, files: { "worker/index.js": source } };
}
