import { createHash } from "node:crypto";
import {
  type BlockReader,
  type Deployment,
  fileContent,
  type ListedFile,
  readDeployment,
} from "@worker3/sdk";
import type { CID } from "multiformats/cid";
import type { ExpectedFile } from "./compareFile.ts";
import { planFiles, type SkippedFile } from "./planFiles.ts";
import { redirectRules } from "./redirectRules.ts";
import { sampleFiles } from "./sampleFiles.ts";

/** What replicas of a deployment have to answer. */
export interface VerifyPlan {
  readonly files: readonly ExpectedFile[];
  /** How many could be compared, were all of them. */
  readonly comparable: number;
  readonly skipped: readonly SkippedFile[];
}

/** More of `_redirects` is not read; Cloudflare takes 2,100 rules of 1,000 characters. */
const MAX_REDIRECTS_BYTES = 4_194_304;

/**
 * Reads a verified deployment and plans which files to ask for, where, and what they have to be.
 *
 * @param all Every file, instead of a sample.
 * @throws {DagError | PathError | ManifestError} The content is no deployment: see `readDeployment`.
 */
export async function readPlan(
  store: BlockReader,
  root: CID,
  { all, signal }: { readonly all: boolean; readonly signal?: AbortSignal | undefined },
): Promise<VerifyPlan> {
  const deployment = await readDeployment(store, root, { signal });
  const redirected = redirectRules(await readRedirects(store, deployment, signal));
  const { files, skipped } = planFiles(deployment.manifest, deployment.files, redirected);
  const expected: ExpectedFile[] = [];
  for (const { path, address, file } of all ? files : sampleFiles(files)) {
    signal?.throwIfAborted();
    expected.push({ path, address, size: file.size, sha256: await digestOf(store, file, signal) });
  }
  return { files: expected, comparable: files.length, skipped };
}

async function readRedirects(
  store: BlockReader,
  { files }: Deployment,
  signal: AbortSignal | undefined,
): Promise<string> {
  const file = files.find(({ path }) => path === "_redirects");
  if (file === undefined || file.size > MAX_REDIRECTS_BYTES) return "";
  const parts: Uint8Array[] = [];
  for await (const part of fileContent(store, file.cid, { signal })) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

async function digestOf(
  store: BlockReader,
  { cid }: ListedFile,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of fileContent(store, cid, { signal })) hash.update(part);
  return hash.digest("hex");
}
