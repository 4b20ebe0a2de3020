import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "@worker3/sdk";
import { EXTRACTED } from "../../extractedFolder.ts";

/**
 * Whether a worker may use the Cache API: code that does has the name of the global in it, whatever a bundler made of the
 * rest, and so has WebAssembly that asks for it. Only a name that is put together as it runs is not seen; using it throws
 * "No Cache was configured" then.
 *
 * Synchronous, as a visitor waits: some small files, whose sizes were checked.
 */
export function mentionsCaches({
  folder,
  manifest,
}: {
  readonly folder: string;
  readonly manifest: Manifest;
}): boolean {
  const names = Object.keys(manifest.modules ?? {});
  return names.some((name) => readFileSync(join(folder, EXTRACTED.worker, name)).includes("caches"));
}
