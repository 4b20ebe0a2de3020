import type { ReceiptOutcome } from "@worker3/sdk";
import type { Hash, Hex } from "viem";
import type { Ledger } from "./openLedger.ts";
import { storedId } from "./storedId.ts";
import type { UsageKey } from "./usageTable.ts";

/** Why a receipt was left out: the contract would not count it now, or its gas costs more than it pays. */
export type LeftOut = NonNullable<ReceiptOutcome["skipped"]> | "Gas";

/** A usage statement, less its text. */
export interface StatementRow extends UsageKey {
  readonly digest: Hash;
  /** The receipt's 32 bytes. */
  readonly receipt: Hex;
  readonly state: "open" | "counted" | "lost";
  /** The open batch that its receipt stands in. */
  readonly batch: number | undefined;
  /** The epoch in which its receipt was last put into a batch, or left out. */
  readonly triedEpoch: number | undefined;
  /** Why it was left out then; undefined where it was not. */
  readonly leftOut: LeftOut | undefined;
}

/** How many receipts stand where, of the epochs that are kept. */
export interface ReceiptCounts {
  /** Neither counted nor lost. */
  readonly open: number;
  /** Of these, what was left out because its gas costs more than it pays. */
  readonly openForGas: number;
  readonly lost: number;
  /** Of these, what never paid its gas. */
  readonly lostForGas: number;
}

/** What is signed about an epoch. */
export interface BatchRow {
  readonly id: number;
  readonly epoch: number;
  /** See `statementsDigest`. */
  readonly statements: Hash;
  readonly receipts: Hex;
  readonly state: "open" | "closed";
  /** The transaction that it goes out in, as the outbox knows it. */
  readonly reference: string;
  /** Whether others may go out in the same transaction, so that it may be mined without this batch being counted. */
  readonly isShared: boolean;
}

/** Usage statements, each of one project's epoch, and the batches that their receipts are sent in. */
export interface BatchTable {
  addStatement(row: UsageKey & { digest: Hash; receipt: Hex; text: string }): void;
  hasStatement(key: UsageKey): boolean;
  statement(key: UsageKey): StatementRow | undefined;
  /** Its canonical JSON. */
  statementText(key: UsageKey): string | undefined;
  /** Those that are neither counted nor lost, by epoch and project. */
  openStatements(): StatementRow[];
  /** Its receipt was tried in an epoch, and not put into a batch. */
  leaveOut(key: UsageKey, triedEpoch: number, why: LeftOut): void;
  /** Counted or lost: nothing changes that any more. */
  endStatement(key: UsageKey, state: "counted" | "lost"): void;
  /** Stores a batch, and says so in its statements. */
  addBatch(batch: {
    readonly epoch: number;
    readonly statements: Hash;
    readonly receipts: Hex;
    readonly projectIds: readonly bigint[];
    readonly triedEpoch: number;
    readonly createdMs: number;
  }): number;
  /** Some batches go out in one transaction, of which it says the reference. */
  share(ids: readonly number[]): string;
  /** It goes out in a transaction of its own from now on. */
  unshare(id: number): void;
  openBatches(): BatchRow[];
  /** The batches of an epoch, open or not. */
  batchesOf(epoch: number): BatchRow[];
  /** It is not sent any more; what was not counted of it may stand in another one. */
  closeBatch(id: number): void;
  counts(): ReceiptCounts;
  /** Deletes what is of epochs before this one. */
  prune(beforeEpoch: number): void;
}

interface StoredStatement {
  project_id: number;
  epoch: number;
  digest: Hash;
  receipt: Hex;
  state: StatementRow["state"];
  batch: number | null;
  tried_epoch: number | null;
  left_out: LeftOut | null;
}

interface StoredBatch extends Omit<BatchRow, "reference" | "isShared"> {
  reference: string | null;
}

export function batchTable(ledger: Ledger): BatchTable {
  const { database } = ledger;
  const columns = "project_id, epoch, digest, receipt, state, batch, tried_epoch, left_out";
  const addStatement = database.prepare(
    "INSERT INTO statements (project_id, epoch, digest, receipt, text, state) VALUES (?, ?, ?, ?, ?, 'open')",
  );
  const statement = database.prepare(`SELECT ${columns} FROM statements WHERE project_id = ? AND epoch = ?`);
  const text = database.prepare("SELECT text FROM statements WHERE project_id = ? AND epoch = ?");
  const openStatements = database.prepare(
    `SELECT ${columns} FROM statements WHERE state = 'open' ORDER BY epoch, project_id`,
  );
  const leaveOut = database.prepare(
    "UPDATE statements SET tried_epoch = ?, left_out = ? WHERE project_id = ? AND epoch = ?",
  );
  const endStatement = database.prepare(
    "UPDATE statements SET state = ?, batch = NULL WHERE project_id = ? AND epoch = ?",
  );
  const addBatch = database.prepare(
    "INSERT INTO batches (epoch, statements, receipts, state, created_ms) VALUES (?, ?, ?, 'open', ?)",
  );
  const putIntoBatch = database.prepare(
    "UPDATE statements SET batch = ?, tried_epoch = ?, left_out = NULL WHERE project_id = ? AND epoch = ?",
  );
  const batchColumns = "id, epoch, statements, receipts, state, reference";
  const openBatches = database.prepare(
    `SELECT ${batchColumns} FROM batches WHERE state = 'open' ORDER BY id`,
  );
  const batchesOf = database.prepare(`SELECT ${batchColumns} FROM batches WHERE epoch = ? ORDER BY id`);
  const setReference = database.prepare("UPDATE batches SET reference = ? WHERE id = ?");
  const counts = database.prepare(
    `SELECT count(*) FILTER (WHERE state = 'open') AS open,
       count(*) FILTER (WHERE state = 'open' AND left_out = 'Gas') AS openForGas,
       count(*) FILTER (WHERE state = 'lost') AS lost,
       count(*) FILTER (WHERE state = 'lost' AND left_out = 'Gas') AS lostForGas FROM statements`,
  );
  const close = database.prepare("UPDATE batches SET state = 'closed' WHERE id = ?");
  const free = database.prepare(
    "UPDATE statements SET batch = NULL WHERE batch = ? AND epoch = (SELECT epoch FROM batches WHERE id = ?)",
  );
  const pruneBatches = database.prepare("DELETE FROM batches WHERE epoch < ?");
  const pruneStatements = database.prepare("DELETE FROM statements WHERE epoch < ?");
  return {
    addStatement: ({ projectId, epoch, digest, receipt, text }) =>
      void addStatement.run(projectId, epoch, digest, receipt, text),
    hasStatement: ({ projectId, epoch }) => statement.get(storedId(projectId), epoch) !== undefined,
    statement({ projectId, epoch }) {
      const row = statement.get(storedId(projectId), epoch) as unknown as StoredStatement | undefined;
      return row === undefined ? undefined : statementOf(row);
    },
    statementText({ projectId, epoch }) {
      return (text.get(storedId(projectId), epoch) as unknown as { text: string } | undefined)?.text;
    },
    openStatements: () => (openStatements.all() as unknown as StoredStatement[]).map(statementOf),
    leaveOut: ({ projectId, epoch }, triedEpoch, why) => void leaveOut.run(triedEpoch, why, projectId, epoch),
    endStatement: ({ projectId, epoch }, state) => void endStatement.run(state, projectId, epoch),
    addBatch: ({ epoch, statements, receipts, projectIds, triedEpoch, createdMs }) =>
      ledger.transaction(() => {
        const id = Number(addBatch.run(epoch, statements, receipts, createdMs).lastInsertRowid);
        for (const projectId of projectIds) putIntoBatch.run(id, triedEpoch, projectId, epoch);
        return id;
      }),
    share: (ids) =>
      ledger.transaction(() => {
        const reference = `submit:${ids.join("+")}`;
        for (const id of ids) setReference.run(reference, id);
        return reference;
      }),
    unshare: (id) => void setReference.run(null, id),
    openBatches: () => (openBatches.all() as unknown as StoredBatch[]).map(batchOf),
    batchesOf: (epoch) => (batchesOf.all(epoch) as unknown as StoredBatch[]).map(batchOf),
    closeBatch: (id) =>
      ledger.transaction(() => {
        close.run(id);
        free.run(id, id);
      }),
    counts: () => ({ ...(counts.get() as unknown as ReceiptCounts) }),
    prune: (beforeEpoch) =>
      ledger.transaction(() => {
        pruneBatches.run(beforeEpoch);
        pruneStatements.run(beforeEpoch);
      }),
  };
}

function batchOf({ reference, ...row }: StoredBatch): BatchRow {
  return { ...row, reference: reference ?? `submit:${row.id}`, isShared: reference !== null };
}

function statementOf({ project_id, batch, tried_epoch, left_out, ...row }: StoredStatement): StatementRow {
  return {
    ...row,
    projectId: BigInt(project_id),
    batch: batch ?? undefined,
    triedEpoch: tried_epoch ?? undefined,
    leftOut: left_out ?? undefined,
  };
}
