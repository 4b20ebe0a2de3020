import type { WritableStorage } from "ipfs-unixfs-importer";
import type { CID } from "multiformats/cid";
import type { BlockStore } from "./blockStore.ts";
import { cidKey } from "./cidKey.ts";
import { concat } from "./concat.ts";
import { encodeSectionHead } from "./encodeSectionHead.ts";

export interface CountingStore extends WritableStorage {
  /** Bytes of all sections that a CAR of these blocks has; its header is not counted. */
  sectionBytes(): number;
  /** Distinct blocks. */
  blocks(): number;
}

/** Passes blocks to a store, each once, and counts what a CAR of them would take. */
export function countingStore(store: BlockStore, signal?: AbortSignal): CountingStore {
  const met = new Set<string>();
  let bytes = 0;
  return {
    async put(cid: CID, value) {
      signal?.throwIfAborted();
      const block = await whole(value);
      const key = cidKey(cid);
      if (met.has(key)) return cid;
      met.add(key);
      bytes += encodeSectionHead(cid, block.length).length + block.length;
      return store.put(cid, block);
    },
    sectionBytes: () => bytes,
    blocks: () => met.size,
  };
}

async function whole(
  value: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<Uint8Array> {
  if (value instanceof Uint8Array) return value;
  const parts: Uint8Array[] = [];
  for await (const part of value) parts.push(part);
  return concat(parts);
}
