import type { CID } from "multiformats/cid";
import type { BlockReader } from "./blockStore.ts";
import { cidKey } from "./cidKey.ts";
import { badNode, decodeUnixfs, type UnixfsNode } from "./decodeUnixfs.ts";
import { DagError } from "./errors.ts";
import { readBlock } from "./readBlock.ts";

/** What one node comes to when it is written out, everything below it counted wherever it is linked. */
export interface DagSum {
  kind: UnixfsNode["kind"];
  bytes: bigint;
  files: bigint;
  /** Blocks to read in order to write it out. */
  reads: bigint;
  /** Levels of links below the node, on the longest way down. */
  height: number;
}

/**
 * Sums over a verified DAG, by CID (`cidKey`): each distinct block is read once, however often it is linked, so 61
 * blocks that expand to 10^21 bytes are summed in 61 steps. Big integers, because the sums double with each level.
 *
 * @throws {DagError} `DAG_BAD_NODE` where a file's parts are not files or not as long as it says, or a shard's shard
 *   is none; `DAG_SYMLINK`, `DAG_MISSING_BLOCK`; `DAG_LIMIT` when the DAG is deeper than `depth`.
 */
export async function sumDag(
  store: BlockReader,
  root: CID,
  options: { depth: number; signal?: AbortSignal | undefined },
): Promise<ReadonlyMap<string, DagSum>> {
  const sums = new Map<string, DagSum>();

  const sumOf = async (cid: CID, depth: number): Promise<DagSum> => {
    const key = cidKey(cid);
    const known = sums.get(key);
    if (known !== undefined) return known;
    if (depth > options.depth) throw tooDeep(root, options.depth);
    options.signal?.throwIfAborted();
    const { kind, dataBytes, children } = outlineOf(decodeUnixfs(cid, await readBlock(store, cid)));
    const files = kind === "file" ? 1n : 0n;
    const sum: DagSum = { kind, bytes: BigInt(dataBytes), files, reads: 1n, height: 0 };
    for (const { cid: child, claim } of children) {
      const below = await sumOf(child, depth + 1);
      checkChild(cid, kind, below, claim);
      sum.bytes += below.bytes;
      sum.height = Math.max(sum.height, below.height + 1);
      sum.reads += below.reads;
      if (kind !== "file") sum.files += below.files;
    }
    if (sum.height > options.depth) throw tooDeep(root, options.depth);
    sums.set(key, sum);
    return sum;
  };

  await sumOf(root, 0);
  return sums;
}

/** What a node says of a child: the bytes of a file's part, or the name in a directory. */
type Claim = { bytes: bigint } | { name: string };

interface Outline {
  kind: UnixfsNode["kind"];
  dataBytes: number;
  children: { cid: CID; claim: Claim }[];
}

/** What is kept of a node while its children are read; not its data, or a deep DAG would be held whole. */
function outlineOf(node: UnixfsNode): Outline {
  if (node.kind === "file") {
    const children = node.parts.map(({ cid, bytes }) => ({ cid, claim: { bytes } }));
    return { kind: "file", dataBytes: node.data.length, children };
  }
  const children = node.links.map(({ cid, name }) => ({ cid, claim: { name } }));
  return { kind: node.kind, dataBytes: 0, children };
}

function checkChild(cid: CID, kind: UnixfsNode["kind"], child: DagSum, claim: Claim): void {
  if ("bytes" in claim) {
    if (child.kind !== "file") throw badNode(cid, "is a file with a directory as a part");
    if (child.bytes !== claim.bytes)
      throw badNode(cid, `says that a part has ${claim.bytes} bytes; it has ${child.bytes}`);
  } else if (kind === "shard" && claim.name === "" && child.kind !== "shard") {
    throw badNode(cid, "is a HAMT shard with a link that is neither a shard nor has a name");
  }
}

function tooDeep(root: CID, depth: number): DagError {
  return new DagError({
    code: "DAG_LIMIT",
    message: `the DAG has more levels of links than the ${depth} that are taken`,
    value: root.toString(),
    next: "make the folder less deep",
  });
}
