import { setTimeout as wait } from "node:timers/promises";
import { Pace } from "../../process/Pace.ts";
import { ApiError } from "../ApiError.ts";

/** Who downloads. What strangers take costs peers nothing. */
export type Asker =
  /** Somebody; by the network that its address is in. */
  | { readonly kind: "stranger"; readonly network: string }
  /** Another replica of a project that names the content; by its operator. */
  | { readonly kind: "peer"; readonly operator: string };

export interface DownloadLimits {
  /** At once, of strangers; peers have as many beside them. */
  readonly concurrent: number;
  /** Of these, of one visitor address or peer. */
  readonly concurrentPerClient: number;
  /** What strangers get, together and each. Peers get what the machine can give. */
  readonly bytesPerSecond: number;
  readonly bytesPerSecondPerClient: number;
}

/** What is to be sent. */
export interface Sendable {
  /** Of all of it. */
  readonly bytes: number;
  /** Small ones. */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Lets go of it; also in the middle, or before the first piece. */
  close(): void;
}

/** A place for one download. */
export interface Download {
  /**
   * The bytes as a response's body, read when they are wanted, at the asker's pace. Gives back the place at its end,
   * however it comes.
   */
  body(sendable: Sendable): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Gives the place back where there is no body. */
  end(): void;
}

export interface Downloads {
  /** @throws {ApiError} `TOO_MANY_DOWNLOADS`: the asker has as many as it may; `NODE_BUSY`: all places are taken. */
  begin(asker: Asker): Download;
}

export interface DownloadsOptions {
  readonly limits: DownloadLimits;
  /** For tests. */
  readonly nowMs?: () => number;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Who took nothing for a while may have so much at once. */
const BURST_SECONDS = 2;
/** Whoever takes less than this on average keeps a place from others for too long. The edge cuts who takes nothing. */
const SLOWEST_BYTES_PER_SECOND = 16_384;
const PATIENCE_MS = 120_000;
const EVERYBODY = "";

/** The downloads of one node. */
export function createDownloads(options: DownloadsOptions): Downloads {
  const { limits, nowMs = () => performance.now() } = options;
  const { pause = (ms, signal) => wait(ms, undefined, { signal, ref: false }) } = options;
  const running = { stranger: new Map<string, number>(), peer: new Map<string, number>() };
  const pace = (perSecond: number) => new Pace({ perSecond, burst: BURST_SECONDS * perSecond });
  const total = pace(limits.bytesPerSecond);
  const perClient = pace(limits.bytesPerSecondPerClient);

  /** Whoever comes next waits behind this. */
  async function takeTurn(client: string, bytes: number, signal: AbortSignal): Promise<void> {
    const now = nowMs();
    const waitMs = Math.max(perClient.waitMs(client, now, bytes), total.waitMs(EVERYBODY, now, bytes));
    perClient.take(client, now, bytes);
    total.take(EVERYBODY, now, bytes);
    if (waitMs > 0) await pause(waitMs, signal);
  }

  function takePlace(asker: Asker): () => void {
    const places = running[asker.kind];
    const client = clientOf(asker);
    const own = places.get(client) ?? 0;
    if (own >= limits.concurrentPerClient) throw tooMany(own);
    const all = [...places.values()].reduce((sum, count) => sum + count, 0);
    if (all >= limits.concurrent) throw busy(all);
    places.set(client, own + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const left = (places.get(client) ?? 1) - 1;
      if (left === 0) places.delete(client);
      else places.set(client, left);
    };
  }

  return {
    begin(asker) {
      const leave = takePlace(asker);
      const turn = (bytes: number, signal: AbortSignal) =>
        asker.kind === "peer" ? undefined : takeTurn(asker.network, bytes, signal);
      return { end: leave, body: (sendable) => streamOf(sendable, { turn, leave }) };
    },
  };
}

interface StreamOptions {
  readonly turn: (bytes: number, signal: AbortSignal) => Promise<void> | undefined;
  readonly leave: () => void;
}

function streamOf(
  { bytes, pieces, close }: Sendable,
  { turn, leave }: StreamOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const ended = new AbortController();
  const iterator = pieces[Symbol.asyncIterator]();
  let deadline: NodeJS.Timeout | undefined;
  function end(reason: unknown): void {
    clearTimeout(deadline);
    ended.abort(reason);
    close();
    leave();
  }
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        const mostMs = PATIENCE_MS + (bytes / SLOWEST_BYTES_PER_SECOND) * 1_000;
        deadline = setTimeout(() => {
          const tooSlow = new Error(`the download took longer than ${Math.round(mostMs)} ms`);
          controller.error(tooSlow);
          end(tooSlow);
        }, mostMs).unref();
      },
      async pull(controller) {
        try {
          const { done, value } = await iterator.next();
          if (done === true) {
            controller.close();
            return end(new Error("all is sent"));
          }
          await turn(value.length, ended.signal);
          controller.enqueue(value as Uint8Array<ArrayBuffer>);
        } catch (error) {
          end(error);
          throw error;
        }
      },
      cancel: end,
    },
    // Nothing is read ahead of who takes it.
    { highWaterMark: 0 },
  );
}

function clientOf(asker: Asker): string {
  return asker.kind === "peer" ? asker.operator : asker.network;
}

function tooMany(count: number): ApiError {
  return new ApiError({
    code: "TOO_MANY_DOWNLOADS",
    message: "this address has as many downloads as it may have at once",
    value: String(count),
    next: "wait for one of them to end",
  });
}

function busy(count: number): ApiError {
  return new ApiError({
    code: "NODE_BUSY",
    message: "the node sends as much as it may at once",
    value: String(count),
    next: "ask again in a moment, or another replica",
  });
}
