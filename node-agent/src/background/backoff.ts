export interface Backoff {
  /** How long to wait after one more failure, in ms. */
  next(): number;
  /** It went well: the next failure is the first one again. */
  reset(): void;
}

/** Waits that double from `firstMs` up to `mostMs`, each up to a quarter shorter so that many do not come at once. */
export function createBackoff({ firstMs, mostMs }: { firstMs: number; mostMs: number }): Backoff {
  let failures = 0;
  return {
    next() {
      const ms = Math.min(firstMs * 2 ** failures, mostMs);
      failures = Math.min(failures + 1, 30);
      return ms * (1 - Math.random() / 4);
    },
    reset() {
      failures = 0;
    },
  };
}
