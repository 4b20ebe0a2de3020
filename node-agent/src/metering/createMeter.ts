import type { BatchTable } from "../ledger/batchTable.ts";
import type { Ledger } from "../ledger/openLedger.ts";
import { type Counts, NO_COUNTS, type UsageKey, type UsageTable } from "../ledger/usageTable.ts";
import { createTotals, type Totals } from "./createTotals.ts";

export interface CreateMeterParameters {
  readonly ledger: Ledger;
  readonly usage: UsageTable;
  /** The statements, to which nothing is added once they are written. */
  readonly batches: Pick<BatchTable, "hasStatement">;
  /** The epoch that is now, by the chain's clock. */
  readonly currentEpoch: () => number;
  /** How many epochs after its own a receipt may come. */
  readonly late: number;
}

/** What one edge process counted. Rows are additions: a report is booked once, by `reporter` and `sequence`. */
export interface UsageReport {
  /** Another one with each process. */
  readonly reporter: string;
  /** Grows with each report. */
  readonly sequence: number;
  /** No later report of this reporter has a row of this epoch or of one before. */
  readonly closedEpoch: number;
  readonly counts: readonly {
    readonly projectId: string;
    readonly epoch: number;
    /** Unix milliseconds of any moment of the minute. */
    readonly minuteMs: number;
    readonly requests: number;
    readonly egressBytes: number;
  }[];
}

/** CPU time of a project in one minute. */
export interface CpuUsage extends UsageKey {
  /** Unix milliseconds of any moment of the minute. */
  readonly minuteMs: number;
  readonly cpuMs: number;
}

/** What the seat of a project had to hold in some seconds of an epoch. */
export interface StoredUsage extends UsageKey, Pick<Counts, "storedByteSeconds" | "storedSeconds"> {
  /** The minute under which it stands: one alone for an epoch, for nobody is told of storage by the minute. Unix milliseconds. */
  readonly minuteMs: number;
}

/**
 * Books what the node served. Each count is booked once, in its epoch or, where that is too late or has not begun, in the
 * current one.
 */
export interface Meter {
  /**
   * Books a report, and that it was booked, at once. One that comes again is passed over.
   *
   * @returns Whether it was new.
   */
  bookReport(report: UsageReport): boolean;
  bookCpu(samples: readonly CpuUsage[]): void;
  bookStored(samples: readonly StoredUsage[]): void;
  /** To be called when the clock was corrected: usage of epochs that have not begun counts in the current one. */
  clockChanged(): void;
  /** What each project used in an epoch that runs; kept in memory. Not to be asked within a transaction. */
  usedIn: Totals["in"];
  /** The projects of which something was booked, for whoever wants to look at those alone. */
  watchUsage: Totals["watch"];
  /** Forgets edge processes that closed no epoch since. */
  prune(closedBefore: number): void;
}

const MINUTE_MS = 60_000;

export function createMeter(parameters: CreateMeterParameters): Meter {
  const { ledger, usage, batches, currentEpoch, late } = parameters;
  const totals = createTotals(ledger, usage);

  /**
   * A statement is not written anew, an epoch whose time is over is not paid, and one that has not begun was counted by a
   * wrong clock: what was served counts now.
   */
  function epochOf({ projectId, epoch }: UsageKey): number {
    const now = currentEpoch();
    if (epoch >= now) return now;
    return epoch + late < now || batches.hasStatement({ projectId, epoch }) ? now : epoch;
  }

  function book(key: UsageKey, minuteMs: number, counts: Counts): void {
    const { projectId } = key;
    const minute = Math.floor(minuteMs / MINUTE_MS) * MINUTE_MS;
    const epoch = epochOf(key);
    usage.add({ projectId, epoch, minuteMs: minute, ...counts });
    totals.add({ projectId, epoch }, counts);
  }

  return {
    bookReport({ reporter, sequence, closedEpoch, counts }) {
      return ledger.transaction(() => {
        const last = usage.reporter(reporter);
        if (last !== undefined && sequence <= last.sequence) return false;
        for (const { projectId, epoch, minuteMs, requests, egressBytes } of counts)
          book({ projectId: BigInt(projectId), epoch }, minuteMs, { ...NO_COUNTS, requests, egressBytes });
        usage.setReporter(reporter, {
          sequence,
          closedEpoch: Math.max(closedEpoch, last?.closedEpoch ?? -1),
        });
        return true;
      });
    },
    bookCpu(samples) {
      ledger.transaction(() => {
        for (const { minuteMs, cpuMs, ...key } of samples) book(key, minuteMs, { ...NO_COUNTS, cpuMs });
      });
    },
    bookStored(samples) {
      ledger.transaction(() => {
        for (const { minuteMs, storedByteSeconds, storedSeconds, ...key } of samples)
          book(key, minuteMs, { ...NO_COUNTS, storedByteSeconds, storedSeconds });
      });
    },
    clockChanged() {
      ledger.transaction(() => {
        if (usage.moveBack(currentEpoch())) totals.forget();
      });
    },
    usedIn: totals.in,
    watchUsage: totals.watch,
    prune: usage.forgetReporters,
  };
}
