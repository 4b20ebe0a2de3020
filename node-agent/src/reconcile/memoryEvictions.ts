import type { Life } from "../cells/life.ts";

/** A cell as the warm set sees it. */
export interface WarmCell<id> {
  readonly id: id;
  /** The memory that its end would free. */
  readonly bytes: number;
  readonly life: Life;
  /** Whether a request or WebSocket is in flight. */
  readonly isBusy: boolean;
  /** When it was last used (Unix ms). */
  readonly lastActiveMs: number;
}

/**
 * The cells to end so that all others and `neededBytes` more fit into `warmBytes`: idle ones first, the least recently
 * used before the others; busy ones only when no idle one is left.
 */
export function memoryEvictions<id>(
  cells: readonly WarmCell<id>[],
  { warmBytes, neededBytes = 0 }: { readonly warmBytes: number; readonly neededBytes?: number },
): id[] {
  const staying = cells.filter(({ life }) => life !== "draining");
  let excess = staying.reduce((sum, { bytes }) => sum + bytes, neededBytes) - warmBytes;
  const order = staying
    .filter(({ life }) => life === "warm")
    .sort((a, b) => Number(a.isBusy) - Number(b.isBusy) || a.lastActiveMs - b.lastActiveMs);
  const chosen: id[] = [];
  for (const { id, bytes } of order) {
    if (excess <= 0) break;
    chosen.push(id);
    excess -= bytes;
  }
  return chosen;
}
