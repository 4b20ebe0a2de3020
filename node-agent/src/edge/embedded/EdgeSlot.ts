import type { Logger } from "pino";
import { monotonicMs } from "../../process/monotonicMs.ts";
import { EdgeProcess, type EdgeProcessOptions, type Listening } from "./EdgeProcess.ts";

export interface EdgeSlotOptions {
  /** What a process is to be started with now: all routes, and the clock. */
  readonly processOptions: () => Omit<EdgeProcessOptions, "onExit">;
  readonly logger: Logger;
  /** A process was started: the first one, or a new one in the place of one that died. */
  readonly onStart: () => void;
  /** A process ended unasked; it may have left counts in the spool. */
  readonly onDeath: () => void;
}

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 10_000;
/** A process that lived so long starts the backoff anew. */
const STEADY_MS = 30_000;

/** The place of one edge process, which gets a new one when it dies. */
export class EdgeSlot {
  readonly #options: EdgeSlotOptions;
  #process: EdgeProcess | undefined;
  #backoffMs = FIRST_BACKOFF_MS;
  #restart: NodeJS.Timeout | undefined;
  #isClosing = false;
  /** What the processes before this one had closed. */
  #formerClosedEpoch = Number.NEGATIVE_INFINITY;

  constructor(options: EdgeSlotOptions) {
    this.#options = options;
  }

  /** The process that runs, if one does. */
  get process(): EdgeProcess | undefined {
    return this.#process;
  }

  /**
   * The newest epoch of which no count is outstanding in this place. While there is no process it stays: the next one has
   * no counts of an epoch that passed meanwhile. Never falls.
   */
  get closedEpoch(): number {
    return Math.max(this.#formerClosedEpoch, this.#process?.closedEpoch ?? this.#formerClosedEpoch);
  }

  /** Starts the first process; it is not started again until it has listened once. */
  async start(): Promise<Listening> {
    let hasListened = false;
    const process = this.#spawn(() => hasListened);
    const listening = await process.listening();
    hasListened = true;
    return listening;
  }

  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#restart);
    await this.#process?.close(graceMs);
  }

  #spawn(isRestarted: () => boolean): EdgeProcess {
    const startedMs = monotonicMs();
    const process = new EdgeProcess({
      ...this.#options.processOptions(),
      onExit: (reason) => {
        if (this.#process !== process) return;
        this.#formerClosedEpoch = this.closedEpoch;
        this.#process = undefined;
        if (this.#isClosing || !isRestarted()) return;
        if (monotonicMs() - startedMs > STEADY_MS) this.#backoffMs = FIRST_BACKOFF_MS;
        this.#options.logger.error({ reason, restartMs: this.#backoffMs }, "an edge process died");
        this.#restartSoon();
        this.#options.onDeath();
      },
    });
    this.#process = process;
    this.#options.onStart();
    return process;
  }

  #restartSoon(): void {
    this.#restart = setTimeout(() => {
      try {
        this.#spawn(() => true);
      } catch (error) {
        // A machine without a process left to have: another time.
        this.#options.logger.error({ err: error }, "an edge process could not be started");
        this.#restartSoon();
      }
    }, this.#backoffMs);
    this.#backoffMs = Math.min(this.#backoffMs * 2, MAX_BACKOFF_MS);
  }
}
