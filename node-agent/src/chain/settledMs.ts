import type { ChainStatus } from "./follow/createFollower.ts";

/** A head older than this is no head: the agent or its RPC is behind. */
const OLDEST_HEAD_MS = 10 * 60_000;

/**
 * The time of the newest final block, in Unix milliseconds, where the ledger holds what the chain says now; undefined where
 * the agent still reads the chain, cannot ask it, or knows no final block. What cannot be undone waits for it.
 *
 * @param nowMs The chain's time, Unix milliseconds.
 */
export function settledMs(
  { head, final, error, isSynced }: Pick<ChainStatus, "head" | "final" | "error" | "isSynced">,
  nowMs: number,
): number | undefined {
  if (!isSynced || error !== undefined || head === undefined || final === undefined) return undefined;
  return nowMs - head.timestamp * 1_000 <= OLDEST_HEAD_MS
    ? Math.min(final.timestamp * 1_000, nowMs)
    : undefined;
}
