import type { LimitCode } from "./CellLimits.ts";

/** By their places; 0 is none. */
const LIMITS: readonly (LimitCode | undefined)[] = [
  undefined,
  "CPU_LIMIT",
  "CPU_HANG",
  "MEMORY_LIMIT",
  "WALL_LIMIT",
];
/** A number of 32 bits for the limit, and behind it one of 64 for the time. */
const BYTES = 16;

/**
 * What is noted of a cell right before it is ended at a limit, in memory that threads share: a message to a thread that is
 * held up could come behind the news of the end, which then looked like a crash.
 */
export class EndMark {
  readonly buffer: SharedArrayBuffer;
  readonly #limit: Int32Array;
  readonly #cpuMs: Float64Array;

  /** @param buffer - of the mark that another thread made. */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    this.buffer = buffer;
    this.#limit = new Int32Array(buffer, 0, 1);
    this.#cpuMs = new Float64Array(buffer, 8, 1);
  }

  /**
   * Notes the limit, and the CPU time that the cell used until now, in ms: nobody can ask for it afterwards. Of several
   * limits the first holds.
   */
  note(limit: LimitCode, cpuMs: number): void {
    this.#cpuMs[0] = Math.max(this.cpuMs, cpuMs);
    Atomics.compareExchange(this.#limit, 0, 0, LIMITS.indexOf(limit));
  }

  get limit(): LimitCode | undefined {
    return LIMITS[Atomics.load(this.#limit, 0)];
  }

  get cpuMs(): number {
    return this.#cpuMs[0] ?? 0;
  }
}
