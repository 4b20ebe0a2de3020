/** How long to wait before something that failed is tried again. */
export interface Waits {
  readonly firstMs: number;
  readonly mostMs: number;
}

/**
 * The wait before the next try, in ms: it doubles from `firstMs` up to `mostMs`, and is up to a quarter shorter, so that
 * many who failed together do not come back together.
 *
 * @param failures - in a row before this one.
 * @param random - in [0, 1).
 */
export function retryDelayMs({ firstMs, mostMs }: Waits, failures: number, random: number): number {
  // Bounded, so that it never becomes Infinity * 0.
  return Math.min(firstMs * 2 ** Math.min(failures, 30), mostMs) * (1 - random / 4);
}

export interface Backoff {
  /** How long to wait after one more failure, in ms. */
  next(): number;
  /** It went well: the next failure is the first one again. */
  reset(): void;
}

/** Counts failures in a row; see `retryDelayMs`. */
export function createBackoff(waits: Waits): Backoff {
  let failures = 0;
  return {
    next: () => retryDelayMs(waits, failures++, Math.random()),
    reset() {
      failures = 0;
    },
  };
}
