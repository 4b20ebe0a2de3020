import type { CID } from "multiformats/cid";
import type { BlockReader } from "./blockStore.ts";
import { dagFrontier } from "./dagFrontier.ts";
import { decodeLinks } from "./decodeLinks.ts";
import { readBlock } from "./readBlock.ts";

export interface Block {
  cid: CID;
  bytes: Uint8Array;
}

/**
 * All blocks of a trusted DAG, depth first in link order, each the first time that it is met: the order of a CAR
 * from a trustless gateway (`dfs`, no duplicates). Holds one block, the CIDs still to visit and the CIDs visited.
 *
 * @throws {DagError} `DAG_MISSING_BLOCK`.
 */
export async function* walkDag(
  store: BlockReader,
  root: CID,
  options: { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Block, void, undefined> {
  const frontier = dagFrontier(root);
  for (let asked = frontier.next(); asked !== undefined; asked = frontier.next()) {
    options.signal?.throwIfAborted();
    const { cid, depth } = asked;
    const bytes = await readBlock(store, cid);
    yield { cid, bytes };
    frontier.push(decodeLinks(cid, bytes), depth + 1);
  }
}
