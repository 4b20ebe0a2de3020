import { type Block, type BlockReader, encodeCar } from "@worker3/sdk";
import type { CID } from "multiformats/cid";

/**
 * Verified blocks, in a CAR's order, as a CAR: what came from a stranger leaves as our own encoding of it. Streams: holds
 * one block at a time.
 */
export function blocksAsCar(
  blocks: AsyncGenerator<Block, void, undefined>,
  root: CID,
): AsyncGenerator<Uint8Array, void, undefined> {
  return encodeCar(nextInOrder(blocks), root);
}

/** A store that is asked in the very order in which the blocks come: both walk the DAG depth first. */
function nextInOrder(blocks: AsyncGenerator<Block, void, undefined>): BlockReader {
  return {
    async *get(cid) {
      const { value } = await blocks.next();
      if (!value?.cid.equals(cid)) throw new Error(`the walk expects ${cid}, the CAR has ${value?.cid}`);
      yield value.bytes;
    },
  };
}
