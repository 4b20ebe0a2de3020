import type { ChainStatus } from "./follow/createFollower.ts";

/** A node that is so many blocks behind may not know of a project that is there. */
const BEHIND_BLOCKS = 256n;

/** That a node does not know yet what the chain says now. */
export interface ReadingChain {
  readonly code: "SYNCING";
  readonly message: string;
}

/**
 * Whether a node that does not know a name or a project cannot say that there is none: it starts, or was away for long.
 * Undefined where it can.
 */
export function readingChain({
  head,
  target,
  wasSynced,
}: Pick<ChainStatus, "head" | "target" | "wasSynced">): ReadingChain | undefined {
  const isBehind = target !== undefined && target - (head?.number ?? 0n) > BEHIND_BLOCKS;
  if (wasSynced && !isBehind) return undefined;
  const progress = target === undefined ? "" : `, block ${head?.number ?? 0} of ${target}`;
  return { code: "SYNCING", message: `This node is still reading the chain${progress}.` };
}
