import type { CID } from "multiformats/cid";
import type { BlockReader } from "./blockStore.ts";
import { encodeCarHeader } from "./encodeCarHeader.ts";
import { encodeSectionHead } from "./encodeSectionHead.ts";
import { walkDag } from "./walkDag.ts";

/**
 * A DAG as a CARv1: one root, all blocks depth first in link order, each once. Streams: holds one block at a time.
 *
 * @throws {DagError} `DAG_MISSING_BLOCK`.
 */
export async function* encodeCar(
  store: BlockReader,
  root: CID,
  options: { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  yield encodeCarHeader(root);
  for await (const { cid, bytes } of walkDag(store, root, options)) {
    yield encodeSectionHead(cid, bytes.length);
    yield bytes;
  }
}
