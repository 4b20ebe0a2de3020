import type { Logger } from "pino";
import type { ContentRow } from "../ledger/contentTable.ts";
import type { ContentStore } from "./ContentStore.ts";

/** How long an upload waits for the version that names it, in milliseconds. */
export const UNNAMED_LIFETIME_MS = 60 * 60_000;

/**
 * The uploads to drop: those that no version on chain named in time, as blocks tell that are final and as old. What was
 * fetched had been named.
 */
export function unnamedToDrop(parameters: {
  readonly rows: readonly ContentRow[];
  /** Whether a version on chain names the CID. */
  readonly isNamed: (cid: string) => boolean;
  readonly nowMs: number;
  /** The time of the newest final block, up to which every fact is known; 0 where none is. */
  readonly finalMs: number;
}): string[] {
  const { rows, isNamed, nowMs, finalMs } = parameters;
  const knownMs = Math.min(nowMs, finalMs);
  return rows
    .filter(({ projectId, storedMs }) => projectId !== undefined && knownMs - storedMs >= UNNAMED_LIFETIME_MS)
    .map(({ cid }) => cid)
    .filter((cid) => !isNamed(cid));
}

/**
 * Drops what `unnamedToDrop` says. One that cannot be dropped keeps no other.
 *
 * @returns the CIDs that are gone.
 * @throws {AggregateError} Some could not be dropped.
 */
export async function dropUnnamed(parameters: {
  readonly store: Pick<ContentStore, "list" | "remove">;
  readonly isNamed: (cid: string) => boolean;
  readonly nowMs: number;
  readonly finalMs: number;
  readonly logger: Pick<Logger, "info">;
}): Promise<string[]> {
  const { store, isNamed, nowMs, finalMs, logger } = parameters;
  const cids = unnamedToDrop({ rows: store.list(), isNamed, nowMs, finalMs });
  const errors: unknown[] = [];
  for (const cid of cids) {
    try {
      await store.remove(cid);
      logger.info({ cid }, "an upload that no version names was dropped");
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} uploads could not be dropped`);
  return cids;
}
