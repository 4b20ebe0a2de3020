import { CarError } from "@worker3/sdk";
import type { Logger } from "pino";
import { ContentError } from "./ContentError.ts";
import type { ContentStore, StoredContent } from "./ContentStore.ts";
import type { ContentSource } from "./gatewaySource.ts";
import { SourceError } from "./SourceError.ts";

/** All of one source may take so long: a source that drips is no source. */
const SOURCE_TIMEOUT_MS = 30 * 60_000;

export interface FetchContentOptions {
  readonly store: Pick<ContentStore, "get" | "put" | "recover">;
  readonly cid: string;
  /** Asked in this order. */
  readonly sources: readonly ContentSource[];
  readonly logger: Pick<Logger, "info" | "warn">;
  /** Bytes that its CAR may have. @throws {ContentError} `NO_ROOM`. */
  readonly room?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How long one source may take, for tests. */
  readonly sourceTimeoutMs?: number | undefined;
}

/** A source that did not give the content, and why. */
export interface FailedSource {
  readonly source: string;
  readonly code: string;
  readonly reason: string;
}

/** `CONTENT_UNAVAILABLE`: no source gave the content. */
export class ContentUnavailableError extends ContentError {
  readonly failed: readonly FailedSource[];

  constructor(cid: string, failed: readonly FailedSource[]) {
    const reasons = failed.map(({ source, reason }) => `${source}: ${reason}`).join("; ");
    super({
      code: "CONTENT_UNAVAILABLE",
      message: `no source has the content: ${reasons || "there is none to ask"}`,
      value: cid,
      next: "upload it with worker3 push, or pin it to IPFS; the node asks again by itself",
    });
    this.failed = failed;
  }
}

/**
 * Gets a content that the node does not have, or does not know to have: looks on its own disk first, asks one source after the other, and drops one that fails or sends one
 * wrong byte. What every source would send alike, a folder that no node takes, ends it at once.
 *
 * @throws {ContentUnavailableError}; as `ContentStore.put` where the content or this node's disk is at fault.
 */
export async function fetchContent(options: FetchContentOptions): Promise<StoredContent> {
  const { store, cid, sources, logger } = options;
  const there = (await store.get(cid)) ?? (await store.recover(cid, { signal: options.signal }));
  if (there !== undefined) return there;
  const maxBytes = options.room?.();
  const failed: FailedSource[] = [];
  for (const source of sources) {
    options.signal?.throwIfAborted();
    try {
      const stored = await fetchFrom(source, options, maxBytes);
      logger.info({ cid, source: source.name }, "content fetched");
      return stored;
    } catch (error) {
      if (!(error instanceof SourceError || error instanceof CarError)) throw error;
      failed.push({ source: source.name, code: error.code, reason: error.message });
      logger.warn(
        { cid, source: source.name, code: error.code, reason: error.message },
        "a source was dropped",
      );
    }
  }
  throw new ContentUnavailableError(cid, failed);
}

async function fetchFrom(
  source: ContentSource,
  options: FetchContentOptions,
  maxBytes: number | undefined,
): Promise<StoredContent> {
  const { store, cid, sourceTimeoutMs = SOURCE_TIMEOUT_MS } = options;
  const ended = new AbortController();
  const timer = setTimeout(() => {
    const message = "it took too long to send the whole CAR";
    ended.abort(new SourceError({ code: "SOURCE_TIMEOUT", message, value: source.name }));
  }, sourceTimeoutMs);
  const signals = options.signal === undefined ? [] : [options.signal];
  const signal = AbortSignal.any([ended.signal, ...signals]);
  try {
    return await store.put(cid, source.read(cid, signal), { signal, maxBytes });
  } finally {
    clearTimeout(timer);
    // Ends a read that nobody waits for any more: that of a put which another one overtook.
    ended.abort();
  }
}
