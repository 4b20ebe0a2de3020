/**
 * The import profile `unixfs-v1-2025`: CIDv1, sha2-256, raw leaves, fixed chunks, balanced layout, empty
 * directories kept, no mode and no mtime. A directory becomes a HAMT when its block would be **larger** than the
 * threshold; the size is that of the whole serialised dag-pb block ("block-bytes"), not of names and CIDs.
 *
 * Source: IPIP-499, https://specs.ipfs.tech/ipips/ipip-0499/; `>` and not `>=`: ipfs/boxo pull request 1088.
 */
export const PROFILE = {
  name: "unixfs-v1-2025",
  /** Bytes of a leaf at most. */
  chunkBytes: 1_048_576,
  /** Links of a file's node at most. */
  fileLinks: 1024,
  /** Bytes of a plain directory's block at most. */
  hamtThresholdBytes: 262_144,
  /** Bits of the name's hash per level of a HAMT: 256 slots. */
  hamtFanoutBits: 8,
} as const;
