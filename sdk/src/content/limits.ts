/** What a stranger's CAR and the folder in it may cost. Each is checked before the memory or the disk is spent. */
export interface ContentLimits {
  /** Bytes of the CAR. */
  carBytes: number;
  /** Bytes of one block. */
  blockBytes: number;
  /** Distinct blocks. */
  blocks: number;
  /** Links of one node. */
  links: number;
  /** Levels of links under the root. */
  depth: number;
  /** Bytes of all files once they are written out. */
  expandedBytes: number;
  /** Files once they are written out. */
  files: number;
  /** Blocks to read for that, a shared one counted wherever it is linked. */
  reads: number;
}

/**
 * Defaults. Block size is Bitswap's and the trustless gateway's 2 MiB. A plain directory of profile
 * `unixfs-v1-2025` has at most 5,957 links (256 KiB at 44 bytes a link), a file node 1,024, a HAMT shard 256.
 */
export const DEFAULT_LIMITS: ContentLimits = {
  carBytes: 536_870_912,
  blockBytes: 2_097_152,
  blocks: 131_072,
  links: 8_192,
  depth: 128,
  expandedBytes: 1_073_741_824,
  files: 100_000,
  reads: 1_000_000,
};
