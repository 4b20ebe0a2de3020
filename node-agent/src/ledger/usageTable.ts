import type { Ledger } from "./openLedger.ts";
import { storedId } from "./storedId.ts";

/** What was counted in one minute. */
export interface Counts {
  readonly requests: number;
  readonly cpuMs: number;
  readonly egressBytes: number;
}

export interface UsageRow extends Counts {
  /** Unix milliseconds of the minute's begin. */
  readonly minuteMs: number;
}

export interface UsageKey {
  readonly projectId: bigint;
  readonly epoch: number;
}

/** What is known of one edge process. */
export interface ReporterRow {
  readonly sequence: number;
  /** The last epoch of which it reported everything; -1 before the first. */
  readonly closedEpoch: number;
}

/** Usage that is in no statement yet, by the minute; and who reported it. */
export interface UsageTable {
  /** Adds to what the minute has. */
  add(usage: UsageKey & UsageRow): void;
  minutesOf(key: UsageKey): UsageRow[];
  totalsOf(key: UsageKey): Counts;
  /** What each project used in an epoch. */
  totalsIn(epoch: number): Map<bigint, Counts>;
  /** The epochs with usage, oldest first. */
  epochs(): number[];
  /** The projects with usage in an epoch, in order. */
  projectsIn(epoch: number): bigint[];
  remove(key: UsageKey): void;
  /** Moves what was counted in epochs after this one into it. Says whether there was any. */
  moveBack(epoch: number): boolean;
  reporter(name: string): ReporterRow | undefined;
  setReporter(name: string, row: ReporterRow): void;
  /** Forgets those that closed no epoch since. */
  forgetReporters(closedBefore: number): void;
}

export function usageTable({ database }: Ledger): UsageTable {
  const add = database.prepare(
    `INSERT INTO usage (project_id, epoch, minute_ms, requests, cpu_ms, egress_bytes) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, cpu_ms = cpu_ms + excluded.cpu_ms,
       egress_bytes = egress_bytes + excluded.egress_bytes`,
  );
  const columns = "requests, cpu_ms AS cpuMs, egress_bytes AS egressBytes";
  const minutes = database.prepare(
    `SELECT minute_ms AS minuteMs, ${columns} FROM usage WHERE project_id = ? AND epoch = ? ORDER BY minute_ms`,
  );
  const totals = database.prepare(
    `SELECT coalesce(sum(requests), 0) AS requests, coalesce(sum(cpu_ms), 0) AS cpuMs,
       coalesce(sum(egress_bytes), 0) AS egressBytes FROM usage WHERE project_id = ? AND epoch = ?`,
  );
  const allTotals = database.prepare(
    `SELECT project_id AS id, sum(requests) AS requests, sum(cpu_ms) AS cpuMs, sum(egress_bytes) AS egressBytes
     FROM usage WHERE epoch = ? GROUP BY project_id`,
  );
  const epochs = database.prepare("SELECT DISTINCT epoch FROM usage ORDER BY epoch");
  const projects = database.prepare(
    "SELECT DISTINCT project_id AS id FROM usage WHERE epoch = ? ORDER BY project_id",
  );
  const remove = database.prepare("DELETE FROM usage WHERE project_id = ? AND epoch = ?");
  const copyBack = database.prepare(
    `INSERT INTO usage (project_id, epoch, minute_ms, requests, cpu_ms, egress_bytes)
     SELECT project_id, ?1, minute_ms, sum(requests), sum(cpu_ms), sum(egress_bytes)
       FROM usage WHERE epoch > ?1 GROUP BY project_id, minute_ms
     ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, cpu_ms = cpu_ms + excluded.cpu_ms,
       egress_bytes = egress_bytes + excluded.egress_bytes`,
  );
  const removeLater = database.prepare("DELETE FROM usage WHERE epoch > ?");
  const reporter = database.prepare(
    "SELECT sequence, closed_epoch AS closedEpoch FROM reporters WHERE reporter = ?",
  );
  const setReporter = database.prepare(
    "INSERT OR REPLACE INTO reporters (reporter, sequence, closed_epoch) VALUES (?, ?, ?)",
  );
  const forget = database.prepare("DELETE FROM reporters WHERE closed_epoch < ?");
  return {
    add: ({ projectId, epoch, minuteMs, requests, cpuMs, egressBytes }) =>
      void add.run(projectId, epoch, minuteMs, requests, cpuMs, egressBytes),
    minutesOf: ({ projectId, epoch }) => minutes.all(storedId(projectId), epoch) as unknown as UsageRow[],
    totalsOf: ({ projectId, epoch }) => totals.get(storedId(projectId), epoch) as unknown as Counts,
    totalsIn(epoch) {
      const rows = allTotals.all(epoch) as unknown as (Counts & { id: number })[];
      return new Map(rows.map(({ id, ...counts }) => [BigInt(id), counts]));
    },
    epochs: () => (epochs.all() as unknown as { epoch: number }[]).map(({ epoch }) => epoch),
    projectsIn: (epoch) => (projects.all(epoch) as unknown as { id: number }[]).map(({ id }) => BigInt(id)),
    remove: ({ projectId, epoch }) => void remove.run(projectId, epoch),
    moveBack(epoch) {
      if (Number(copyBack.run(epoch).changes) === 0) return false;
      removeLater.run(epoch);
      return true;
    },
    reporter: (name) => reporter.get(name) as unknown as ReporterRow | undefined,
    setReporter: (name, { sequence, closedEpoch }) => void setReporter.run(name, sequence, closedEpoch),
    forgetReporters: (closedBefore) => void forget.run(closedBefore),
  };
}
