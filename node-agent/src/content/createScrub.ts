import type { Logger } from "pino";
import type { ContentRow } from "../ledger/contentTable.ts";
import type { ContentStore } from "./ContentStore.ts";
import type { Pace } from "./createPace.ts";

/** A content that was found damaged and is not stored anew yet. */
export interface DamagedContent {
  readonly cid: string;
  /** What is wrong with it. */
  readonly what: string;
  /** Unix milliseconds. */
  readonly foundMs: number;
}

export interface ScrubParts {
  readonly store: Pick<ContentStore, "list" | "has" | "unlisted" | "recover" | "distrust" | "inspect">;
  /** Undefined: only what the ledger does not know is looked at. */
  readonly pace: Pace | undefined;
  /** What is held changed: a content came back, or is not to be served any more. */
  readonly changed: (cid: string) => void;
  readonly nowMs: () => number;
  readonly logger: Pick<Logger, "info" | "warn">;
}

/** Looks after what lies on the disk. */
export interface Scrub {
  /**
   * Goes once over all that lies there, at its pace: takes up again what the ledger does not know, and compares the rest
   * with its CID. What is damaged is not served from then on; who wants it fetches it anew.
   *
   * @throws {ContentError} `DISK_FULL`, `DISK_UNUSABLE`; the signal's reason.
   */
  round(signal: AbortSignal): Promise<void>;
  /** What was found damaged since the start and did not come again, the newest last. */
  damaged(): readonly DamagedContent[];
}

/** So many are told. */
const MOST_TOLD = 100;

export function createScrub({ store, pace, changed, nowMs, logger }: ScrubParts): Scrub {
  const found = new Map<string, DamagedContent>();

  async function inspect(
    { cid, storedMs }: ContentRow,
    { pace, signal }: { readonly pace: Pace; readonly signal: AbortSignal },
  ): Promise<void> {
    const what = await store.inspect(cid, { pace, signal });
    // It may have been removed meanwhile, or stored anew.
    const isThere = store.list().some((row) => row.cid === cid && row.storedMs === storedMs);
    if (what === undefined || !isThere) return;
    logger.warn({ cid, what }, "content on the disk is damaged; it is not served and fetched anew");
    await store.distrust(cid);
    found.delete(cid);
    found.set(cid, { cid, what, foundMs: nowMs() });
    const [oldest] = found.keys();
    if (found.size > MOST_TOLD && oldest !== undefined) found.delete(oldest);
    changed(cid);
  }

  return {
    async round(signal) {
      for (const cid of await store.unlisted()) {
        if ((await store.recover(cid, { pace, signal })) === undefined) continue;
        logger.info({ cid }, "content that the ledger did not know was checked and is taken up again");
        changed(cid);
      }
      if (pace === undefined) return;
      for (const row of shuffled(store.list())) {
        signal.throwIfAborted();
        if (store.has(row.cid)) await inspect(row, { pace, signal });
      }
    },
    damaged: () => [...found.values()].filter(({ cid }) => !store.has(cid)),
  };
}

/** An agent that is restarted often looks at other ones first each time. */
function shuffled<item>(items: readonly item[]): item[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
