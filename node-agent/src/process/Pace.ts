export interface PaceOptions {
  /** What each key may take in a second, in whatever unit. */
  readonly perSecond: number;
  /** And at once after a rest, at least as much. */
  readonly burst: number;
}

/** Keys that took something last are remembered; so many. Whoever is forgotten begins anew. */
const MAX_KEYS = 20_000;

/**
 * How fast each of many may take something: the generic cell rate algorithm, a token bucket that keeps one number of each
 * key: the moment at which its bucket is full again.
 *
 * Source: ITU-T I.371, annex A.
 */
export class Pace {
  readonly #msEach: number;
  readonly #burstMs: number;
  readonly #fullAtMs = new Map<string, number>();

  constructor({ perSecond, burst }: PaceOptions) {
    this.#msEach = 1_000 / perSecond;
    this.#burstMs = burst * this.#msEach;
  }

  /**
   * How long to wait, in whole ms, until `amount` may be taken; 0: now. What is more than a burst may be taken by a full bucket.
   *
   * @param nowMs - by any steady clock.
   */
  waitMs(key: string, nowMs: number, amount = 1): number {
    const fullAtMs = Math.max(this.#fullAtMs.get(key) ?? 0, nowMs);
    const askedMs = Math.min(amount * this.#msEach, this.#burstMs);
    return Math.max(0, Math.floor(fullAtMs + askedMs - this.#burstMs - nowMs));
  }

  /** Takes it, though `waitMs` may say that it is too early. */
  take(key: string, nowMs: number, amount = 1): void {
    const fullAtMs = Math.max(this.#fullAtMs.get(key) ?? 0, nowMs) + amount * this.#msEach;
    this.#fullAtMs.delete(key);
    this.#fullAtMs.set(key, fullAtMs);
    const [longestAgo] = this.#fullAtMs.keys();
    if (this.#fullAtMs.size > MAX_KEYS && longestAgo !== undefined) this.#fullAtMs.delete(longestAgo);
  }
}
