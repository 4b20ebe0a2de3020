import { randomUUID } from "node:crypto";
import type { CountReport } from "../CountReport.ts";
import type { Counter } from "./Counter.ts";

export interface ReporterOptions {
  readonly counter: Counter;
  readonly send: (report: CountReport) => void;
}

/**
 * Hands counts to the agent, one report at a time: the next is cut when the agent has booked this one, so the order is
 * kept and an agent that is away costs no more memory than the minutes it missed.
 */
export class Reporter {
  readonly id: string = randomUUID();
  readonly #options: ReporterOptions;
  #sequence = 0;
  #open: CountReport | undefined;
  #isRefused = false;
  #lastClosedEpoch: number;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#lastClosedEpoch = options.counter.closedEpoch;
  }

  /** Sends what changed, or again what was refused; nothing while the agent has not answered. */
  tick(): void {
    if (this.#open === undefined) {
      this.#open = this.#cut();
    } else if (!this.#isRefused) {
      return;
    }
    this.#isRefused = false;
    if (this.#open !== undefined) this.#options.send(this.#open);
  }

  /** The agent's answer to a report. */
  answered(sequence: number, booked: boolean): void {
    if (this.#open?.sequence !== sequence) return;
    if (booked) this.#open = undefined;
    else this.#isRefused = true;
  }

  /** Whether everything that was counted so far is booked; cuts and sends what is not. */
  flush(): boolean {
    this.tick();
    return this.#open === undefined;
  }

  /** All that the agent has not acknowledged, for the disk. Nothing may be counted or sent after it. */
  unacknowledged(): CountReport[] {
    const open = this.#open;
    const last = this.#cut();
    return [open, last].filter((report) => report !== undefined && report.counts.length > 0) as CountReport[];
  }

  #cut(): CountReport | undefined {
    const { counts, closedEpoch } = this.#options.counter.take();
    if (counts.length === 0 && closedEpoch === this.#lastClosedEpoch) return undefined;
    this.#lastClosedEpoch = closedEpoch;
    this.#sequence += 1;
    return { reporter: this.id, sequence: this.#sequence, closedEpoch, counts };
  }
}
