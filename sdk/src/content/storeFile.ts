import { importFile, type WritableStorage } from "ipfs-unixfs-importer";
import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import { RAW_CODE } from "./cidBytes.ts";
import { concat } from "./concat.ts";
import type { StoredNode } from "./folderTree.ts";
import { PROFILE } from "./profile.ts";

/** A file's bytes: all at once, or as they come. */
export type FileContent = Uint8Array | AsyncIterable<Uint8Array>;

/** Chunks hashed at once: what a file costs in memory is about this many MiB. */
const CHUNKS_AT_ONCE = 4;

/**
 * Stores a file as profile `unixfs-v1-2025` has it: one raw block up to 1 MiB, else a balanced tree of them.
 * Holds `CHUNKS_AT_ONCE` chunks of 1 MiB, and whatever the store holds.
 */
export async function storeFile(content: FileContent, store: WritableStorage): Promise<StoredNode> {
  if (content instanceof Uint8Array) {
    return content.length <= PROFILE.chunkBytes ? storeChunk(content, store) : storeChunks(content, store);
  }
  const pieces = content[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let length = 0;
  let isDone = false;
  try {
    while (length <= PROFILE.chunkBytes) {
      const next = await pieces.next();
      if (next.done === true) {
        isDone = true;
        return await storeChunk(concat(head), store);
      }
      head.push(next.value);
      length += next.value.length;
    }
    return await storeChunks(headAndRest(head, pieces), store);
  } finally {
    if (!isDone) await pieces.return?.();
  }
}

/** A whole file in one raw block. `ipfs-unixfs-importer` makes the same block ten times slower. */
async function storeChunk(bytes: Uint8Array, store: WritableStorage): Promise<StoredNode> {
  const cid = CID.createV1(RAW_CODE, await sha256.digest(bytes));
  await store.put(cid, bytes);
  return { cid, tsize: BigInt(bytes.length) };
}

async function storeChunks(content: FileContent, store: WritableStorage): Promise<StoredNode> {
  const stored = await importFile({ content }, store, {
    profile: PROFILE.name,
    blockWriteConcurrency: CHUNKS_AT_ONCE,
  });
  return { cid: stored.cid, tsize: stored.size };
}

async function* headAndRest(
  head: Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* head.splice(0);
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
