import type { CID } from "multiformats/cid";

/**
 * The modification time of an extracted file, in Unix seconds: the first 31 bits of its digest, and 1 for 0.
 *
 * workerd's ETag of an asset is its path, size and mtime in nanoseconds (0 for what is before 1970). So the ETag is
 * equal on all replicas, and another one where a file of equal size changed. Whole seconds that fit 31 bits, because
 * every file system keeps those exactly. It is no date: workerd sends no `Last-Modified`.
 */
export function mtimeOf(cid: CID): number {
  const { digest } = cid.multihash;
  return new DataView(digest.buffer, digest.byteOffset, digest.byteLength).getUint32(0) >>> 1 || 1;
}
