import { existsSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { LedgerError } from "./LedgerError.ts";
import { MIGRATIONS } from "./migrations.ts";

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;
/** An agent that was just killed may take a moment to be gone. */
const LOCK_TIMEOUT_MS = 5_000;

/** The agent's database. Only the files of this folder write SQL; each part has a table of its own here. */
export interface Ledger {
  readonly database: DatabaseSync;
  /**
   * Runs `work` in one transaction: all of it is kept, or nothing. Nested calls join the outer one.
   *
   * @throws {LedgerError} `LEDGER_FULL` where the disk is full, `LEDGER_DAMAGED` where the file is not what was written;
   *   else what `work` throws.
   */
  transaction<result>(work: () => result): result;
  /**
   * Runs `work` as soon as the transaction at hand is kept, and never where it is not; at once outside of one. So what is
   * held in memory changes together with the tables. `work` must not throw.
   */
  afterCommit(work: () => void): void;
  close(): void;
}

/**
 * Opens the database of a node, and brings its schema up to date. A commit is on the disk when it returns. One that is
 * opened alone is checked first, which takes about two seconds for each GB that is at hand.
 *
 * @param path A file, or `:memory:`.
 * @param options.alone No other process may have it open, until it is closed or this process ends.
 * @throws {LedgerError} `LEDGER_IN_USE`, `LEDGER_FULL`, `LEDGER_DAMAGED`, `LEDGER_UNREADABLE`, `LEDGER_TOO_NEW`.
 */
export function openLedger(path: string, { alone = false }: { alone?: boolean } = {}): Ledger {
  const database = openDatabase(path, alone);
  let depth = 0;
  let waiting: (() => void)[] = [];

  function kept<result>(work: () => result): result {
    waiting = [];
    try {
      database.exec("BEGIN IMMEDIATE");
      depth = 1;
      const result = work();
      database.exec("COMMIT");
      return result;
    } catch (error) {
      waiting = [];
      if (depth > 0 && database.isTransaction) database.exec("ROLLBACK");
      if (isFull(error)) throw diskFull(path, error);
      throw isDamage(error) ? damaged(path, messageOf(error), error) : error;
    } finally {
      depth = 0;
    }
  }

  return {
    database,
    transaction(work) {
      if (depth > 0) return work();
      const result = kept(work);
      const then = waiting;
      waiting = [];
      for (const each of then) each();
      return result;
    },
    afterCommit(work) {
      if (depth > 0) waiting.push(work);
      else work();
    },
    close: () => database.close(),
  };
}

/** Ready to be used, or closed again: what is held open for nothing would keep the next one out. */
function openDatabase(path: string, alone: boolean): DatabaseSync {
  let database: DatabaseSync | undefined;
  // SQLite takes an empty file for a new database.
  if (alone && existsSync(path) && statSync(path).size === 0) throw damaged(path, "the file is empty");
  try {
    database = new DatabaseSync(path, { timeout: LOCK_TIMEOUT_MS });
    if (alone) database.exec("PRAGMA locking_mode = EXCLUSIVE");
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    if (alone) check(database, path);
    migrate(database, path);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof LedgerError) throw cause;
    if (isFull(cause)) throw diskFull(path, cause);
    if (isDamage(cause)) throw damaged(path, messageOf(cause), cause);
    throw codeOf(cause) === SQLITE_BUSY ? inUse(path, cause) : unreadable(path, cause);
  }
}

/** Every page and every row, not whether the indexes agree: what a bad disk or a torn copy leaves is found. */
function check(database: DatabaseSync, path: string): void {
  const [found] = database.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
  if (found?.quick_check !== "ok") throw damaged(path, found?.quick_check ?? "it cannot be checked");
}

function migrate(database: DatabaseSync, path: string): void {
  const { user_version: applied } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (applied > MIGRATIONS.length) {
    throw new LedgerError({
      code: "LEDGER_TOO_NEW",
      message: `the ledger has schema ${applied}, this agent knows up to ${MIGRATIONS.length}`,
      value: path,
      next: "start the newer agent that wrote it",
    });
  }
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < applied) continue;
    database.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}

/** SQLite's own code of an error; extended codes keep it in their low byte. */
function codeOf(error: unknown): number {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
}

function isFull(error: unknown): boolean {
  return codeOf(error) === SQLITE_FULL;
}

function isDamage(error: unknown): boolean {
  return [SQLITE_CORRUPT, SQLITE_NOTADB].includes(codeOf(error));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function inUse(path: string, cause: unknown): LedgerError {
  return new LedgerError({
    code: "LEDGER_IN_USE",
    message: "another process has the agent's ledger open",
    value: path,
    next: "stop the other agent of this state folder",
    cause,
  });
}

function diskFull(path: string, cause: unknown): LedgerError {
  return new LedgerError({
    code: "LEDGER_FULL",
    message: "the disk with the agent's ledger is full, so nothing more can be booked",
    value: path,
    next: "free some space; the agent goes on by itself",
    cause,
  });
}

/** Only what the operator decides may give up usage that nobody has paid yet. */
function damaged(path: string, what: string, cause?: unknown): LedgerError {
  return new LedgerError({
    code: "LEDGER_DAMAGED",
    message: `the agent's ledger is damaged: ${what.replace(/\s+/g, " ").slice(0, 200)}`,
    value: path,
    next:
      `stop the agent, move ${path} with its -wal and -shm away (do not delete it: a copy or sqlite3's .recover may ` +
      "save it) and start again. Usage that is not handed in yet is lost with it; what the chain says is read again, " +
      "and content on the disk is checked and kept",
    cause,
  });
}

function unreadable(path: string, cause: unknown): LedgerError {
  return new LedgerError({
    code: "LEDGER_UNREADABLE",
    message: `the agent's ledger cannot be opened: ${messageOf(cause)}`,
    value: path,
    next: "check that the folder is there, may be written and is no other program's",
    cause,
  });
}
