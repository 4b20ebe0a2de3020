import type { CID } from "multiformats/cid";
import type { BlockReader } from "./blockStore.ts";
import { cidKey } from "./cidKey.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { sumDag } from "./sumDag.ts";

export interface ExpandedSize {
  /** Bytes of all files. */
  bytes: bigint;
  files: bigint;
  /** Blocks to read for that. */
  reads: bigint;
}

export interface ExpandedSizeOptions {
  limits?: { depth?: number } | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * What a verified DAG takes once it is written out, a shared block counted wherever it is linked, without writing it
 * out: each distinct block is read once.
 *
 * @throws {DagError} as `sumDag` does.
 */
export async function expandedSize(
  store: BlockReader,
  root: CID,
  options: ExpandedSizeOptions = {},
): Promise<ExpandedSize> {
  const depth = options.limits?.depth ?? DEFAULT_LIMITS.depth;
  const sums = await sumDag(store, root, { depth, signal: options.signal });
  const { bytes = 0n, files = 0n, reads = 0n } = sums.get(cidKey(root)) ?? {};
  return { bytes, files, reads };
}
