import { isOwnPath, type ListedFile, type Manifest } from "@worker3/sdk";
import { addressOf } from "./addressOf.ts";
import { workerFirst } from "./workerFirst.ts";

/** A static file and where it has to answer. */
export interface PlannedFile {
  /** In the deployment folder. */
  readonly path: string;
  /** Percent-encoded. */
  readonly address: string;
  readonly file: ListedFile;
}

/** A static file that no request is sure to meet. */
export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}

export interface FilePlan {
  readonly files: readonly PlannedFile[];
  readonly skipped: readonly SkippedFile[];
}

/** These configure the asset worker and are never served. */
const CONFIGURATION = new Set(["_headers", "_redirects"]);

/**
 * Which static files of a deployment answer where.
 *
 * @param redirected Whether `_redirects` answers an address.
 */
export function planFiles(
  manifest: Manifest,
  listed: readonly ListedFile[],
  redirected: (address: string) => boolean,
): FilePlan {
  const { htmlHandling = "auto-trailing-slash", runWorkerFirst } = manifest.assets ?? {};
  const assets = listed
    .filter(({ path }) => !isOwnPath(path) && !CONFIGURATION.has(path))
    .map((file) => ({ path: file.path, file }));
  const there = new Set(assets.map(({ path }) => `/${path}`));

  const files: PlannedFile[] = [];
  const skipped: SkippedFile[] = [];
  for (const { path, file } of assets) {
    const address = addressOf(path, htmlHandling, (name) => there.has(name));
    const reason = reasonToSkip(address);
    if (address === undefined || reason !== undefined) {
      skipped.push({ path, reason: reason ?? "another file answers at each of its addresses" });
    } else {
      files.push({ path, address, file });
    }
  }
  return { files, skipped };

  function reasonToSkip(address: string | undefined): string | undefined {
    if (address === undefined) return undefined;
    if (manifest.main !== undefined && workerFirst(runWorkerFirst, address)) {
      return "the worker answers first (runWorkerFirst)";
    }
    if (redirected(address)) return "_redirects answers first";
    if (address.startsWith("/.well-known/acme-challenge/")) return "the node answers there";
    return undefined;
  }
}
