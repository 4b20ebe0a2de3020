import type { CID } from "multiformats/cid";
import type { BlockReader } from "./blockStore.ts";
import { concat } from "./concat.ts";
import { DagError } from "./errors.ts";

/**
 * One block of a store as one array.
 *
 * @throws {DagError} `DAG_MISSING_BLOCK`; `value` is the CID, `cause` what the store said.
 */
export async function readBlock(store: BlockReader, cid: CID): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of store.get(cid)) parts.push(part);
  } catch (cause) {
    throw new DagError({
      code: "DAG_MISSING_BLOCK",
      message: "a block of the DAG cannot be read",
      value: cid.toString(),
      next: "fetch the CAR again",
      cause,
    });
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : concat(parts);
}
