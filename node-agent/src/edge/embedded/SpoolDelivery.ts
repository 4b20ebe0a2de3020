import type { Logger } from "pino";
import { createBackoff, type Waits } from "../../background/backoff.ts";
import type { CountReport } from "../CountReport.ts";
import { readSpool } from "./readSpool.ts";

export interface SpoolDeliveryOptions {
  readonly directory: string;
  readonly logger: Logger;
  readonly onCounts: (report: CountReport) => void;
}

const WAITS: Waits = { firstMs: 250, mostMs: 15_000 };

/** Books what dying processes left in the spool, again and again until all of it is. */
export class SpoolDelivery {
  readonly #options: SpoolDeliveryOptions;
  readonly #backoff = createBackoff(WAITS);
  #retry: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  /** How often it was asked to deliver, and the last of these times that it did. */
  #asked = 0;
  #delivered = -1;

  constructor(options: SpoolDeliveryOptions) {
    this.#options = options;
  }

  /** Whether nothing is known to lie in the spool. */
  get isComplete(): boolean {
    return this.#delivered === this.#asked;
  }

  /** Delivers what lies there now. Does not throw: what is not booked is tried again later. */
  deliver(): Promise<void> {
    this.#asked += 1;
    const turn = this.#asked;
    this.#running = this.#running.then(() => this.#deliverAll(turn));
    return this.#running;
  }

  close(): void {
    clearTimeout(this.#retry);
  }

  async #deliverAll(turn: number): Promise<void> {
    clearTimeout(this.#retry);
    const { directory, logger, onCounts } = this.#options;
    try {
      for (const spooled of await readSpool(directory)) {
        for (const report of spooled.reports) onCounts(report);
        await spooled.remove();
      }
      this.#delivered = turn;
      this.#backoff.reset();
    } catch (error) {
      logger.error({ err: error, directory }, "counts in the spool could not be booked");
      this.#retry = setTimeout(() => this.deliver(), this.#backoff.next());
    }
  }
}
