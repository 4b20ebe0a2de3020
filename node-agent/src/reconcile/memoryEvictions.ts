import type { Life } from "../cells/life.ts";

/** A cell as the warm set sees it. */
export interface WarmCell<id> {
  readonly id: id;
  /** The memory that its end would free. */
  readonly bytes: number;
  readonly life: Life;
  /** Whether a request or WebSocket is in flight. */
  readonly isBusy: boolean;
  /** When it was last used, and when it began to start (`monotonicMs`). */
  readonly lastActiveMs: number;
  readonly sinceMs: number;
  /** How much it was used lately; see `useAt`. */
  readonly use: number;
}

export interface WarmBounds {
  readonly warmBytes: number;
  /** What those take who wait for room, and of that those who have waited for long. */
  readonly neededBytes?: number;
  readonly urgentBytes?: number;
  /** As `monotonicMs`. */
  readonly nowMs: number;
}

const SECOND_MS = 1_000;
/** So long a cell stays that was started or used, though others want to start. */
export const RESIDENT_MS = 2_000;
/** One that was used much lately stays for a second more with each in which it was, up to this. */
const MAX_STAY_MS = 10_000;
/** Who waits for so long may have one in use go, the least used one first. */
export const PATIENCE_MS = 6_000;

/**
 * The cells to end so that all others fit into `warmBytes`, and as far as that takes nobody's who is in use, `neededBytes`
 * more. Idle ones go before busy ones, then those that were used less lately, then those not used for longer. What is only
 * wanted never ends a cell that has just been started or used: many who come at once would take turns at nothing else.
 */
export function memoryEvictions<id>(
  cells: readonly WarmCell<id>[],
  { warmBytes, neededBytes = 0, urgentBytes = 0, nowMs }: WarmBounds,
): id[] {
  const staying = cells.filter(({ life }) => life !== "draining");
  const order = staying
    .filter(({ life }) => life === "warm")
    .sort((a, b) => Number(a.isBusy) - Number(b.isBusy) || a.use - b.use || a.lastActiveMs - b.lastActiveMs);
  const chosen = new Set<WarmCell<id>>();
  let heldBytes = staying.reduce((sum, { bytes }) => sum + bytes, 0);
  const evictFor = (moreBytes: number, mayGo: (cell: WarmCell<id>) => boolean) => {
    for (const cell of order) {
      if (heldBytes + moreBytes <= warmBytes) return;
      if (chosen.has(cell) || !mayGo(cell)) continue;
      chosen.add(cell);
      heldBytes -= cell.bytes;
    }
  };
  const isResident = ({ sinceMs }: WarmCell<id>) => nowMs - sinceMs < RESIDENT_MS;
  const isInUse = ({ isBusy, lastActiveMs, use }: WarmCell<id>) =>
    isBusy || nowMs - lastActiveMs < Math.min(MAX_STAY_MS, Math.max(RESIDENT_MS, use * SECOND_MS));
  // What there is does not fit: it grew.
  evictFor(0, () => true);
  evictFor(neededBytes, (cell) => !isResident(cell) && !isInUse(cell));
  evictFor(urgentBytes, (cell) => !isResident(cell));
  return [...chosen].map(({ id }) => id);
}

/** How much something was used: one more for each second in which it was, half as much after each minute. */
export interface Use {
  readonly use: number;
  /** As `monotonicMs`. */
  readonly atMs: number;
}

const HALF_MS = 60_000;

export function useAt({ use, atMs }: Use, nowMs: number): number {
  return use * 0.5 ** (Math.max(0, nowMs - atMs) / HALF_MS);
}

/** As `use`, after it was used now. */
export function usedAt(before: Use, nowMs: number): Use {
  if (before.use > 0 && nowMs - before.atMs < SECOND_MS) return before;
  return { use: useAt(before, nowMs) + 1, atMs: nowMs };
}
