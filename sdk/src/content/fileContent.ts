import type { CID } from "multiformats/cid";
import type { BlockReader } from "./blockStore.ts";
import { decodeUnixfs } from "./decodeUnixfs.ts";
import { DagError } from "./errors.ts";
import { readBlock } from "./readBlock.ts";

/**
 * The bytes of a file in a verified DAG, block by block. List the folder first (`listFiles`): that checks how long
 * the file really is. Holds one block a level.
 *
 * @throws {DagError} `DAG_NOT_A_FILE`, `DAG_MISSING_BLOCK`, `DAG_BAD_NODE`; `value` is the CID.
 */
export async function* fileContent(
  store: BlockReader,
  cid: CID,
  options: { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  options.signal?.throwIfAborted();
  const node = decodeUnixfs(cid, await readBlock(store, cid));
  if (node.kind !== "file") {
    throw new DagError({
      code: "DAG_NOT_A_FILE",
      message: "the CID is that of a directory, not of a file",
      value: cid.toString(),
      next: "list the folder and take a file's CID",
    });
  }
  if (node.data.length > 0) yield node.data;
  for (const part of node.parts) yield* fileContent(store, part.cid, options);
}
