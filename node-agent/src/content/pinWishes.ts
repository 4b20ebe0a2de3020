import type { ContentStore } from "./ContentStore.ts";
import { type DenyList, deniesContent } from "./denyList.ts";
import type { ContentUse } from "./retention.ts";

export interface PinWishesParts {
  readonly store: Pick<ContentStore, "list" | "has">;
  /** What this node's projects want of a content, as the newest block says. */
  readonly uses: (cid: string) => readonly ContentUse[];
  readonly denied: DenyList;
  /** See `RetentionParameters`. */
  readonly finalMs: () => number | undefined;
}

/** What this node would have an IPFS daemon hold. */
export interface PinWishes {
  /** What lies here and a version names: of what was uploaded ahead, nobody knows yet whether it is wanted. */
  wanted(): string[];
  /**
   * Whether this node dropped a content by its rules of retention. Not where the chain is not read to its end, nor where
   * visitors are sent to it: then it was lost, or is damaged, and the daemon may be the only one who has it.
   */
  isGone(cid: string): boolean;
}

export function pinWishes({ store, uses, denied, finalMs }: PinWishesParts): PinWishes {
  return {
    wanted: () =>
      store
        .list()
        .map(({ cid }) => ({ cid, named: uses(cid) }))
        .filter(({ cid, named }) => named.length > 0 && !deniesContent(denied, cid, named))
        .map(({ cid }) => cid),
    isGone(cid) {
      const named = uses(cid);
      if (deniesContent(denied, cid, named)) return true;
      if (store.has(cid) || finalMs() === undefined) return false;
      return !named.some(({ isServed, isRouted }) => isServed && isRouted);
    },
  };
}
