import { createTurnOrder } from "../background/createFairLimit.ts";
import { CellError } from "../cells/CellError.ts";
import { monotonicMs } from "../process/monotonicMs.ts";
import { memoryEvictions, PATIENCE_MS, useAt } from "./memoryEvictions.ts";
import type { OwnCell, ProjectState } from "./ProjectState.ts";

/** What a cell takes before it was measured: a bare one takes 9 MB, one with storage 17. */
export const NEW_CELL_BYTES = 16 * 1024 * 1024;
/** How long a start waits for room. */
const WAIT_MS = 8_000;

export interface RoomParts {
  readonly warmBytes: number;
  /** All projects of this node. */
  readonly states: () => Iterable<ProjectState>;
  readonly isBusy: (own: OwnCell) => boolean;
  /** Ends a cell to make room for others. */
  readonly evict: (state: ProjectState, own: OwnCell) => void;
  readonly waitMs?: number;
}

/** The memory of all cells together, and who has to go for whom. */
export interface Room {
  /**
   * Gives a cell that is to start its place, others going for it if they must. Of those who wait, one of each owner in
   * turn.
   *
   * @throws {CellError} `NODE_FULL`; or the signal's reason.
   */
  enter(own: OwnCell, owner: string, signal: AbortSignal): Promise<void>;
  /** Measures all cells, ends what is too much, and lets in who waits. */
  check(): void;
}

export function createRoom({ warmBytes, states, isBusy, evict, waitMs = WAIT_MS }: RoomParts): Room {
  const waiting: { own: OwnCell; owner: string; sinceMs: number; admit: () => void }[] = [];
  const turns = createTurnOrder<string>();

  const heldBytes = () => {
    let sum = 0;
    for (const state of states()) for (const { bytes } of state.cells) sum += bytes;
    return sum;
  };
  /** One always fits: the cells' own limits bound what it takes. */
  const fits = () => {
    const held = heldBytes();
    return held === 0 || held + NEW_CELL_BYTES <= warmBytes;
  };

  function measure(): void {
    for (const { cells } of states()) {
      for (const own of cells) if (own.cell !== undefined) own.bytes = own.cell.privateBytes();
    }
  }

  function evictSome(): void {
    const nowMs = monotonicMs();
    const cells = Array.from(states()).flatMap((state) =>
      state.cells.map((own) => ({
        id: { state, own },
        bytes: own.bytes,
        life: own.life,
        isBusy: isBusy(own),
        lastActiveMs: Math.max(own.sinceMs, state.lastActiveMs),
        sinceMs: own.sinceMs,
        use: useAt(state.use, nowMs),
      })),
    );
    const urgent = waiting.filter(({ sinceMs }) => nowMs - sinceMs >= PATIENCE_MS);
    const bounds = {
      warmBytes,
      neededBytes: waiting.length * NEW_CELL_BYTES,
      urgentBytes: urgent.length * NEW_CELL_BYTES,
      nowMs,
    };
    for (const { state, own } of memoryEvictions(cells, bounds)) evict(state, own);
  }

  function letIn(): void {
    while (fits()) {
      const next = turns.take(waiting, ({ owner }) => owner);
      if (next === undefined) return;
      next.own.bytes = NEW_CELL_BYTES;
      next.admit();
    }
  }

  function wait(own: OwnCell, owner: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", abort);
        const place = waiting.findIndex((entry) => entry.own === own);
        if (place >= 0) waiting.splice(place, 1);
      };
      const abort = () => {
        leave();
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        leave();
        reject(full(warmBytes));
      }, waitMs);
      signal.addEventListener("abort", abort, { once: true });
      const admit = () => {
        leave();
        resolve();
      };
      waiting.push({ own, owner, sinceMs: monotonicMs(), admit });
    });
  }

  return {
    async enter(own, owner, signal) {
      signal.throwIfAborted();
      if (waiting.length === 0 && fits()) {
        own.bytes = NEW_CELL_BYTES;
        return;
      }
      const entered = wait(own, owner, signal);
      evictSome();
      await entered;
    },
    check() {
      measure();
      evictSome();
      letIn();
    },
  };
}

function full(warmBytes: number): CellError {
  return new CellError({
    code: "NODE_FULL",
    message: "this node has no memory for another project at the moment",
    value: String(warmBytes),
    next: "try again in some seconds; the node's operator may raise cells.warmBytes",
  });
}
