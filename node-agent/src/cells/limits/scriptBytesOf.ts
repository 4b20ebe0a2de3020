import { statSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "@worker3/sdk";
import { EXTRACTED } from "../../extractedFolder.ts";

/** What the modules of an extracted deployment folder have together, in bytes. */
export function scriptBytesOf({
  folder,
  manifest,
}: {
  readonly folder: string;
  readonly manifest: Manifest;
}): number {
  const names = Object.keys(manifest.modules ?? {});
  return names.reduce((sum, name) => sum + statSync(join(folder, EXTRACTED.worker, name)).size, 0);
}
