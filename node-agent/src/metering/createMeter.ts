import type { CountReport } from "../edge/CountReport.ts";
import type { BatchTable } from "../ledger/batchTable.ts";
import type { Ledger } from "../ledger/openLedger.ts";
import type { Counts, UsageKey, UsageTable } from "../ledger/usageTable.ts";

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

/** CPU time of a project in one minute. */
export interface CpuUsage extends UsageKey {
  /** Unix milliseconds of any moment of the minute. */
  readonly minuteMs: number;
  readonly cpuMs: number;
}

/** Books what the node served. Each count is booked once, in its epoch or, where that is too late, in the current one. */
export interface Meter {
  /**
   * Books a report, and that it was booked, at once. One that comes again is passed over.
   *
   * @returns Whether it was new.
   */
  bookReport(report: CountReport): boolean;
  bookCpu(samples: readonly CpuUsage[]): void;
  /** Forgets edge processes that closed no epoch since. */
  prune(closedBefore: number): void;
}

const MINUTE_MS = 60_000;
const NOTHING: Counts = { requests: 0, cpuMs: 0, egressBytes: 0 };

export function createMeter(parameters: CreateMeterParameters): Meter {
  const { ledger, usage, batches, currentEpoch, late } = parameters;

  /** A statement is not written anew, and an epoch whose time is over is not paid: what was served counts now. */
  function epochOf({ projectId, epoch }: UsageKey): number {
    const now = currentEpoch();
    if (epoch >= now) return epoch;
    return epoch + late < now || batches.hasStatement({ projectId, epoch }) ? now : epoch;
  }

  function book(key: UsageKey, minuteMs: number, counts: Counts): void {
    const { projectId } = key;
    const minute = Math.floor(minuteMs / MINUTE_MS) * MINUTE_MS;
    usage.add({ projectId, epoch: epochOf(key), minuteMs: minute, ...counts });
  }

  return {
    bookReport({ reporter, sequence, closedEpoch, counts }) {
      return ledger.transaction(() => {
        const last = usage.reporter(reporter);
        if (last !== undefined && sequence <= last.sequence) return false;
        for (const { projectId, epoch, minuteMs, requests, egressBytes } of counts)
          book({ projectId: BigInt(projectId), epoch }, minuteMs, { ...NOTHING, requests, egressBytes });
        usage.setReporter(reporter, {
          sequence,
          closedEpoch: Math.max(closedEpoch, last?.closedEpoch ?? -1),
        });
        return true;
      });
    },
    bookCpu(samples) {
      ledger.transaction(() => {
        for (const { minuteMs, cpuMs, ...key } of samples) book(key, minuteMs, { ...NOTHING, cpuMs });
      });
    },
    prune: usage.forgetReporters,
  };
}
