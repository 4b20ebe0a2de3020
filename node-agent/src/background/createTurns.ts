import { Worker3Error } from "@worker3/sdk";
import pLimit from "p-limit";
import type { Logger } from "pino";
import { type Backoff, createBackoff, retryDelayMs, type Waits } from "./backoff.ts";

export interface TurnsParts<key> {
  /** Looks at one of them and takes the steps that are due. May be done again at any time. */
  readonly work: (key: key) => Promise<void>;
  /** What the log says where the work throws, and beside it. */
  readonly failed: string;
  readonly about: (key: key) => object;
  /** How many are worked on at once; default: all. */
  readonly concurrency?: number;
  /** How long one waits whose work threw. */
  readonly waits?: Waits;
  /** How loudly the log says what is no bug, a `Worker3Error`; default: warn. */
  readonly expected?: "debug" | "warn";
  readonly logger: Pick<Logger, "debug" | "warn" | "error">;
  readonly signal: AbortSignal;
}

const WAITS: Waits = { firstMs: 250, mostMs: 60_000 };

/**
 * Level-triggered work on many things of one kind, one turn of each at a time. Who asks while one runs gets another one
 * after it, and resolves with that. Work that throws is logged and has another turn after a while, longer each time,
 * until it goes well: that somebody asked is never forgotten. Who asks meanwhile need not wait for that.
 *
 * What it returns never rejects; it resolves when the work is done or has thrown.
 */
export function createTurns<key>(parts: TurnsParts<key>): (key: key) => Promise<void> {
  const { work, failed, about, logger, signal } = parts;
  const { concurrency = Number.POSITIVE_INFINITY, waits = WAITS, expected = "warn" } = parts;
  const limit = pLimit(concurrency);
  const running = new Map<key, { again: boolean; done: Promise<void> }>();
  const failing = new Map<key, { readonly backoff: Backoff; timer: NodeJS.Timeout | undefined }>();

  function turn(key: key): Promise<void> {
    const current = running.get(key);
    if (current !== undefined) {
      current.again = true;
      return current.done;
    }
    clearTimeout(failing.get(key)?.timer);
    const entry = { again: true, done: Promise.resolve() };
    entry.done = limit(async () => {
      try {
        while (entry.again && !signal.aborted) {
          entry.again = false;
          await work(key);
        }
        failing.delete(key);
      } catch (error) {
        if (!signal.aborted) tryAgain(key, error, entry.again);
      } finally {
        running.delete(key);
      }
    });
    running.set(key, entry);
    return entry.done;
  }

  function tryAgain(key: key, error: unknown, isAskedFor: boolean): void {
    const state = failing.get(key) ?? { backoff: createBackoff(waits), timer: undefined };
    failing.set(key, state);
    const waitMs = state.backoff.next();
    // Something changed while it ran: that is looked at soon, but not at once, as it may have been its own doing.
    const retryMs = Math.round(isAskedFor ? retryDelayMs(waits, 0, Math.random()) : waitMs);
    const level = error instanceof Worker3Error ? expected : "error";
    logger[level]({ ...about(key), err: error, retryMs }, failed);
    state.timer = setTimeout(turn, retryMs, key);
  }

  signal.addEventListener("abort", () => {
    for (const { timer } of failing.values()) clearTimeout(timer);
  });
  return turn;
}
