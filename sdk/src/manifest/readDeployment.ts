import type { CID } from "multiformats/cid";
import type { BlockReader } from "../content/blockStore.ts";
import { MANIFEST_PATH } from "../content/checkLayout.ts";
import { concat } from "../content/concat.ts";
import { fileContent } from "../content/fileContent.ts";
import { type FolderListing, type ListFilesOptions, listFiles } from "../content/listFiles.ts";
import { ManifestError } from "./errors.ts";
import { MAX_MANIFEST_BYTES, parseManifest } from "./parseManifest.ts";
import type { Manifest } from "./schema.ts";
import { manifestIssue, validateDeployment } from "./validateDeployment.ts";

export interface Deployment extends FolderListing {
  manifest: Manifest;
}

/**
 * Reads a verified DAG as a deployment: its files, its manifest, and that the two agree. What a node checks before it
 * writes anything out, and what a deployer checks after packing.
 *
 * @throws {DagError | PathError} as `listFiles` does; {ManifestError} as `parseManifest` and `validateDeployment` do.
 */
export async function readDeployment(
  store: BlockReader,
  root: CID,
  options: Omit<ListFilesOptions, "layout"> = {},
): Promise<Deployment> {
  const listing = await listFiles(store, root, { ...options, layout: "deployment" });
  const file = listing.files.find(({ path }) => path === MANIFEST_PATH);
  if (file === undefined) {
    const paths = new Set(listing.files.map(({ path }) => path));
    throw new ManifestError("DEPLOYMENT_INVALID", [manifestIssue(paths)]);
  }
  if (file.size > MAX_MANIFEST_BYTES) {
    const message = `has ${file.size} bytes, more than the ${MAX_MANIFEST_BYTES} that are taken`;
    throw new ManifestError("MANIFEST_INVALID", [{ path: MANIFEST_PATH, message, value: String(file.size) }]);
  }
  const parts: Uint8Array[] = [];
  for await (const part of fileContent(store, file.cid, { signal: options.signal })) parts.push(part);
  const manifest = parseManifest(concat(parts));
  validateDeployment(manifest, listing.files);
  return { ...listing, manifest };
}
