import type { Ledger } from "./openLedger.ts";
import { storedId } from "./storedId.ts";

/** What was counted in one minute. */
export interface Counts {
  readonly requests: number;
  readonly cpuMs: number;
  readonly egressBytes: number;
  /** Bytes that the seat had to hold, times the seconds in which it did and served funded; these may exceed 2^53. */
  readonly storedByteSeconds: bigint;
  /** Those seconds. */
  readonly storedSeconds: number;
}

export const NO_COUNTS: Counts = {
  requests: 0,
  cpuMs: 0,
  egressBytes: 0,
  storedByteSeconds: 0n,
  storedSeconds: 0,
};

export function addCounts(one: Counts, other: Counts): Counts {
  return {
    requests: one.requests + other.requests,
    cpuMs: one.cpuMs + other.cpuMs,
    egressBytes: one.egressBytes + other.egressBytes,
    storedByteSeconds: one.storedByteSeconds + other.storedByteSeconds,
    storedSeconds: one.storedSeconds + other.storedSeconds,
  };
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
  /** Adds to what the minute has; what is absent is nothing. */
  add(usage: UsageKey & Pick<UsageRow, "minuteMs"> & Partial<Counts>): void;
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

interface StoredCounts extends Omit<Counts, "storedByteSeconds"> {
  /** As text: SQLite has 64 bits, JavaScript's numbers 53. */
  readonly storedByteSeconds: string;
}

const COLUMNS = ["requests", "cpu_ms", "egress_bytes", "stored_byte_seconds", "stored_seconds"] as const;

export function usageTable({ database }: Ledger): UsageTable {
  const columns = COLUMNS.join(", ");
  const sums = COLUMNS.map((column) => `sum(${column})`).join(", ");
  const added = COLUMNS.map((column) => `${column} = ${column} + excluded.${column}`).join(", ");
  /** The columns by their names here; `of` makes of a column what is asked of it. */
  const selected = (of: (column: string) => string) => `
    ${of("requests")} AS requests, ${of("cpu_ms")} AS cpuMs, ${of("egress_bytes")} AS egressBytes,
    CAST(${of("stored_byte_seconds")} AS TEXT) AS storedByteSeconds, ${of("stored_seconds")} AS storedSeconds`;
  const add = database.prepare(
    `INSERT INTO usage (project_id, epoch, minute_ms, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET ${added}`,
  );
  const minutes = database.prepare(
    `SELECT minute_ms AS minuteMs, ${selected((column) => column)}
     FROM usage WHERE project_id = ? AND epoch = ? ORDER BY minute_ms`,
  );
  const totals = database.prepare(
    `SELECT ${selected((column) => `coalesce(sum(${column}), 0)`)} FROM usage WHERE project_id = ? AND epoch = ?`,
  );
  const allTotals = database.prepare(
    `SELECT project_id AS id, ${selected((column) => `sum(${column})`)}
     FROM usage WHERE epoch = ? GROUP BY project_id`,
  );
  const epochs = database.prepare("SELECT DISTINCT epoch FROM usage ORDER BY epoch");
  const projects = database.prepare(
    "SELECT DISTINCT project_id AS id FROM usage WHERE epoch = ? ORDER BY project_id",
  );
  const remove = database.prepare("DELETE FROM usage WHERE project_id = ? AND epoch = ?");
  const copyBack = database.prepare(
    `INSERT INTO usage (project_id, epoch, minute_ms, ${columns})
     SELECT project_id, ?1, minute_ms, ${sums} FROM usage WHERE epoch > ?1 GROUP BY project_id, minute_ms
     ON CONFLICT DO UPDATE SET ${added}`,
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
    add({ projectId, epoch, minuteMs, ...counts }) {
      const { requests, cpuMs, egressBytes, storedByteSeconds, storedSeconds } = { ...NO_COUNTS, ...counts };
      add.run(projectId, epoch, minuteMs, requests, cpuMs, egressBytes, storedByteSeconds, storedSeconds);
    },
    minutesOf({ projectId, epoch }) {
      const rows = minutes.all(storedId(projectId), epoch) as unknown as (StoredCounts & UsageRow)[];
      return rows.map(countsOf);
    },
    totalsOf: ({ projectId, epoch }) =>
      countsOf(totals.get(storedId(projectId), epoch) as unknown as StoredCounts),
    totalsIn(epoch) {
      const rows = allTotals.all(epoch) as unknown as (StoredCounts & { id: number })[];
      return new Map(rows.map(({ id, ...counts }) => [BigInt(id), countsOf(counts)]));
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

function countsOf<row extends StoredCounts>(row: row): Omit<row, "storedByteSeconds"> & Counts {
  return { ...row, storedByteSeconds: BigInt(row.storedByteSeconds) };
}
