import { encode, prepare } from "@ipld/dag-pb";
import { UnixFS } from "ipfs-unixfs";
import type { ImportResult, WritableStorage } from "ipfs-unixfs-importer";
import { DirSharded } from "ipfs-unixfs-importer/utils";
import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import { DAG_PB_CODE } from "./cidBytes.ts";
import type { StoredNode } from "./folderTree.ts";
import { PROFILE } from "./profile.ts";

/**
 * Stores a directory of stored children as profile `unixfs-v1-2025` has it: one block while that is at most
 * 256 KiB, else a HAMT. The children's order does not matter.
 *
 * `ipfs-unixfs-importer`'s own tree builder is not used: it decides on the HAMT while children are still missing
 * from the directory, and counts subdirectories that it has not stored yet as nothing.
 */
export async function storeDirectory(
  children: Iterable<readonly [name: string, node: StoredNode]>,
  store: WritableStorage,
): Promise<StoredNode> {
  const links = Array.from(children, ([Name, node]) => ({ Name, Hash: node.cid, Tsize: Number(node.tsize) }));
  const block = encode(prepare({ Data: new UnixFS({ type: "directory" }).marshal(), Links: links }));
  if (block.length > PROFILE.hamtThresholdBytes) return storeHamt(children, store);

  const cid = CID.createV1(DAG_PB_CODE, await sha256.digest(block));
  await store.put(cid, block);
  return { cid, tsize: links.reduce((sum, link) => sum + BigInt(link.Tsize), BigInt(block.length)) };
}

async function storeHamt(
  children: Iterable<readonly [name: string, node: StoredNode]>,
  store: WritableStorage,
): Promise<StoredNode> {
  const hamt = new DirSharded(
    { root: true, dir: true, path: "", dirty: true, flat: false },
    { cidVersion: 1, shardFanoutBits: PROFILE.hamtFanoutBits },
  );
  for (const [name, node] of children) await hamt.put(name, { cid: node.cid, size: node.tsize });
  let last: ImportResult | undefined;
  for await (const shard of hamt.flush(store)) last = shard;
  if (last === undefined) throw new TypeError("ipfs-unixfs-importer stored no shard");
  return { cid: last.cid, tsize: last.size };
}
