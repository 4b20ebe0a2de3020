import type { Ledger } from "./openLedger.ts";

/** A block up to which all facts are in the ledger. */
export interface Checkpoint {
  readonly number: bigint;
  readonly hash: string;
  /** Unix time, in seconds. */
  readonly timestamp: number;
}

/** The newest checkpoint is the cursor; the ones before are where a reorganisation may go back to. */
export interface CheckpointTable {
  add(checkpoint: Checkpoint): void;
  /** The newest at or below a block; the newest of all without one. */
  newest(atMost?: bigint): Checkpoint | undefined;
  /** The newest block that was final; undefined before one was. */
  final(): Checkpoint | undefined;
  setFinal(checkpoint: Checkpoint): void;
  /** The newest block whose facts were compared with what the contracts say, and agreed. */
  compared(): Checkpoint | undefined;
  setCompared(checkpoint: Checkpoint | undefined): void;
  deleteAbove(number: bigint): void;
  /** Keeps the newest `keep` and thins out what is older. */
  prune(keep: number): void;
}

interface StoredCheckpoint {
  number: number;
  hash: string;
  timestamp: number;
}

/** Keys in the table of single values. */
const FINAL = "finalBlock";
const COMPARED = "comparedBlock";
/** Of the old checkpoints one of so many blocks stays. */
const SPARSE_BLOCKS = 4_096;

export function checkpointTable({ database }: Ledger): CheckpointTable {
  const add = database.prepare(
    "INSERT OR REPLACE INTO checkpoints (number, hash, timestamp) VALUES (?, ?, ?)",
  );
  const newest = database.prepare("SELECT * FROM checkpoints WHERE number <= ? ORDER BY number DESC LIMIT 1");
  const readMeta = database.prepare("SELECT value FROM meta WHERE key = ?");
  const writeMeta = database.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
  const deleteMeta = database.prepare("DELETE FROM meta WHERE key = ?");
  const deleteAbove = database.prepare("DELETE FROM checkpoints WHERE number > ?");
  const prune = database.prepare(
    `DELETE FROM checkpoints WHERE number < (SELECT max(number) FROM checkpoints) - ?
       AND number NOT IN (SELECT max(number) FROM checkpoints GROUP BY number / ${SPARSE_BLOCKS})`,
  );

  function readBlock(key: string): Checkpoint | undefined {
    const row = readMeta.get(key) as { value: string } | undefined;
    if (row === undefined) return undefined;
    const { number, hash, timestamp } = JSON.parse(row.value) as StoredCheckpoint;
    return { number: BigInt(number), hash, timestamp };
  }

  function writeBlock(key: string, { number, hash, timestamp }: Checkpoint): void {
    writeMeta.run(key, JSON.stringify({ number: Number(number), hash, timestamp }));
  }

  return {
    add: ({ number, hash, timestamp }) => void add.run(number, hash, timestamp),
    newest(atMost = 2n ** 62n) {
      const row = newest.get(atMost) as unknown as StoredCheckpoint | undefined;
      return row === undefined ? undefined : { ...row, number: BigInt(row.number) };
    },
    final: () => readBlock(FINAL),
    setFinal: (checkpoint) => writeBlock(FINAL, checkpoint),
    compared: () => readBlock(COMPARED),
    setCompared: (checkpoint) =>
      checkpoint === undefined ? void deleteMeta.run(COMPARED) : writeBlock(COMPARED, checkpoint),
    deleteAbove: (number) => void deleteAbove.run(number),
    prune: (keep) => void prune.run(keep),
  };
}
