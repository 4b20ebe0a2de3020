import type { CID } from "multiformats/cid";
import type { BlockReader } from "./blockStore.ts";
import { checkLayout } from "./checkLayout.ts";
import { badPath, checkPath } from "./checkPath.ts";
import { cidKey } from "./cidKey.ts";
import { decodeUnixfs } from "./decodeUnixfs.ts";
import { DagError, PathError } from "./errors.ts";
import { foldName } from "./foldName.ts";
import { type ContentLimits, DEFAULT_LIMITS } from "./limits.ts";
import { nameProblem } from "./nameProblem.ts";
import { readBlock } from "./readBlock.ts";
import { type DagSum, sumDag } from "./sumDag.ts";

export interface ListedFile {
  path: string;
  /** Bytes of its content. */
  size: number;
  cid: CID;
}

export interface FolderListing {
  /** Sorted by path. */
  files: ListedFile[];
  /** Paths of directories that hold nothing, sorted. */
  emptyDirectories: string[];
  /** Bytes of all files. */
  bytes: number;
}

export interface ListFilesOptions {
  limits?: Partial<Pick<ContentLimits, "depth" | "expandedBytes" | "files" | "reads">> | undefined;
  /** `deployment` (default) takes in `.worker3` only what belongs there. */
  layout?: "deployment" | "any" | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * The files of a verified folder: what to write out, and that it may be. First the sums are checked against the
 * limits, so that a bomb of shared blocks is refused before it is walked; then every name, across a directory's shards.
 *
 * @throws {DagError} `DAG_LIMIT` (`value` is the number that is too large), `DAG_NOT_A_FOLDER`, and as `sumDag` does.
 * @throws {PathError} `PATH_BAD`, `PATH_DUPLICATE`, `PATH_NOT_IN_LAYOUT`; `value` is the path.
 */
export async function listFiles(
  store: BlockReader,
  root: CID,
  options: ListFilesOptions = {},
): Promise<FolderListing> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const sums = await sumDag(store, root, { depth: limits.depth, signal: options.signal });
  const total = checkTotals(root, sums.get(cidKey(root)), limits);
  const listing: FolderListing = { files: [], emptyDirectories: [], bytes: Number(total.bytes) };

  const walk = async (cid: CID, prefix: string): Promise<void> => {
    options.signal?.throwIfAborted();
    const links = await linksOfDirectory(store, cid);
    if (links.length === 0 && prefix !== "") listing.emptyDirectories.push(prefix);
    const folded = new Map<string, string>();
    for (const { name, cid: child } of links) {
      const path = prefix === "" ? name : `${prefix}/${name}`;
      checkName(path, name, folded);
      const sum = sums.get(cidKey(child));
      const isFile = sum?.kind === "file";
      if (options.layout !== "any") checkLayout(path, isFile ? "file" : "directory");
      if (isFile) listing.files.push({ path, size: Number(sum.bytes), cid: child });
      else await walk(child, path);
    }
  };

  await walk(root, "");
  listing.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  listing.emptyDirectories.sort();
  return listing;
}

function checkTotals(root: CID, sum: DagSum | undefined, limits: ContentLimits): DagSum {
  if (sum === undefined || sum.kind === "file") {
    throw new DagError({
      code: "DAG_NOT_A_FOLDER",
      message: "the CID is that of a file; a deployment is a folder",
      value: root.toString(),
      next: "pack the folder that holds it",
    });
  }
  const over = (what: string, value: bigint, limit: number): void => {
    if (value <= BigInt(limit)) return;
    const message = `the folder has more ${what} than the ${limit} that are taken`;
    throw new DagError({
      code: "DAG_LIMIT",
      message,
      value: String(value),
      next: "make the deployment smaller",
    });
  };
  over("bytes when it is written out", sum.bytes, limits.expandedBytes);
  over("files", sum.files, limits.files);
  over("blocks to read when it is written out", sum.reads, limits.reads);
  return sum;
}

/** All links of a directory, those of its shards included. */
async function linksOfDirectory(store: BlockReader, cid: CID): Promise<{ name: string; cid: CID }[]> {
  const node = decodeUnixfs(cid, await readBlock(store, cid));
  if (node.kind === "file") return [];
  if (node.kind === "directory") return node.links;
  const links: { name: string; cid: CID }[] = [];
  for (const link of node.links) {
    if (link.name === "") for (const below of await linksOfDirectory(store, link.cid)) links.push(below);
    else links.push(link);
  }
  return links;
}

function checkName(path: string, name: string, folded: Map<string, string>): void {
  // On its own first: a name with a slash would split into good segments.
  const problem = nameProblem(name);
  if (problem !== undefined) throw badPath(path, `a name in the folder ${problem}`);
  checkPath(path);
  const twin = folded.get(foldName(name));
  folded.set(foldName(name), name);
  if (twin === undefined) return;
  throw new PathError({
    code: "PATH_DUPLICATE",
    message: `a directory has this name twice, or "${twin}" differs from it only in case or form`,
    value: path,
    next: "rename one of the two and pack again",
  });
}
