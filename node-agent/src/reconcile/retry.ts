import type { Trouble } from "./ProjectState.ts";

const FIRST_FETCH_MS = 500;
const LAST_FETCH_MS = 600_000;

/** How long to wait before content is asked for again: twice as long each time, ten minutes at most. */
export function fetchDelayMs(attempts: number): number {
  return Math.min(FIRST_FETCH_MS * 2 ** Math.max(0, attempts - 1), LAST_FETCH_MS);
}

const CRASHES = 5;
const CRASH_WINDOW_MS = 60_000;

/** Cells that ended by themselves so often in a minute are not started again for a minute. */
export function crashTrouble(crashesMs: readonly number[], nowMs: number): Trouble | undefined {
  const recent = crashesMs.filter((at) => nowMs - at <= CRASH_WINDOW_MS);
  if (recent.length < CRASHES) return undefined;
  return {
    status: 503,
    code: "CELL_FAILING",
    message: `This version ended by itself ${recent.length} times within a minute.`,
    retryAfterSeconds: CRASH_WINDOW_MS / 1000,
    retryAtMs: nowMs + CRASH_WINDOW_MS,
  };
}
