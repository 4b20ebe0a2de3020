const FIRST_FETCH_MS = 500;
const LAST_FETCH_MS = 600_000;

/** How long to wait before content is asked for again: twice as long each time, ten minutes at most. */
export function fetchDelayMs(attempts: number): number {
  return Math.min(FIRST_FETCH_MS * 2 ** Math.max(0, attempts - 1), LAST_FETCH_MS);
}
