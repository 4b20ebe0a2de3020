import { type Block, encodeCar } from "@worker3/sdk";
import type { CID } from "multiformats/cid";

/**
 * Verified blocks, in a CAR's order, as a CAR: what came from a stranger leaves as our own encoding of it. Streams: holds
 * one block at a time. What the blocks' source throws is passed on.
 */
export async function* blocksAsCar(
  blocks: AsyncGenerator<Block, void, undefined>,
  root: CID,
): AsyncGenerator<Uint8Array, void, undefined> {
  let broken: { readonly error: unknown } | undefined;
  // A store that is asked in the very order in which the blocks come: both walk the DAG depth first.
  async function* next(cid: CID): AsyncGenerator<Uint8Array> {
    const { value } = await blocks.next().catch((error: unknown) => {
      broken = { error };
      throw error;
    });
    if (!value?.cid.equals(cid)) throw new Error(`the walk expects ${cid}, the CAR has ${value?.cid}`);
    yield value.bytes;
  }
  try {
    yield* encodeCar({ get: next }, root);
    await blocks.next(); // the source checks its end
  } catch (error) {
    throw broken === undefined ? error : broken.error; // the walk would say only that a block is missing
  } finally {
    await blocks.return();
  }
}
