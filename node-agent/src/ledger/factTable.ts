import type { Ledger } from "./openLedger.ts";

export type FactScope = "network" | "node" | "project";

/** What one event says about one thing. See the table `facts`. */
export interface FactRow {
  readonly scope: FactScope;
  /** The node's or the project's id; 0 for the network. */
  readonly id: bigint;
  readonly topic: string;
  /** Which of the topic's things; empty where there is only one. */
  readonly key: string;
  readonly block: bigint;
  readonly logIndex: number;
  readonly tx: string;
  /** Numbers of 64 bits are decimal strings. */
  readonly args: Readonly<Record<string, unknown>>;
}

export interface FactQuery {
  readonly scope: FactScope;
  readonly id: bigint;
  readonly topic?: string | undefined;
  /** Only keys that begin so; with a topic. */
  readonly keyPrefix?: string | undefined;
  /** Nothing above this block. */
  readonly upTo?: bigint | undefined;
}

/** The facts of the chain. The newest row of a key is what holds. */
export interface FactTable {
  insert(rows: readonly FactRow[]): void;
  /** What holds: of each topic and key the newest row, in the chain's order. */
  current(query: FactQuery): FactRow[];
  /** Deletes what stands above a block, and says which projects that was about. */
  rollback(toBlock: bigint): bigint[];
  /** The projects of which a version names a CID. */
  projectsNaming(cid: string): bigint[];
  count(): number;
}

interface StoredRow {
  scope: FactScope;
  id: number;
  topic: string;
  key: string;
  block: number;
  log_index: number;
  tx: string;
  args: string;
}

const MAX_BLOCK = 2n ** 62n;

export function factTable({ database }: Ledger): FactTable {
  const insert = database.prepare(
    "INSERT OR REPLACE INTO facts (scope, id, topic, key, block, log_index, tx, args) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const select = database.prepare(
    `SELECT * FROM facts WHERE scope = ? AND id = ? AND block <= ? ORDER BY block, log_index`,
  );
  const selectTopic = database.prepare(
    `SELECT * FROM facts WHERE scope = ? AND id = ? AND topic = ? AND key >= ? AND key < ? AND block <= ?
     ORDER BY block, log_index`,
  );
  const above = database.prepare("SELECT DISTINCT id FROM facts WHERE block > ? AND scope = 'project'");
  const remove = database.prepare("DELETE FROM facts WHERE block > ?");
  const naming = database.prepare(
    "SELECT DISTINCT id FROM facts WHERE topic = 'version' AND json_extract(args, '$.cid') = ? ORDER BY id",
  );
  const count = database.prepare("SELECT count(*) AS rows FROM facts");
  return {
    insert(rows) {
      for (const { scope, id, topic, key, block, logIndex, tx, args } of rows)
        insert.run(scope, id, topic, key, block, logIndex, tx, JSON.stringify(args));
    },
    current({ scope, id, topic, keyPrefix = "", upTo = MAX_BLOCK }) {
      const stored = (topic === undefined
        ? select.all(scope, id, upTo)
        : selectTopic.all(
            scope,
            id,
            topic,
            keyPrefix,
            `${keyPrefix}\u{10ffff}`,
            upTo,
          )) as unknown as StoredRow[];
      // A key that comes again takes the place of its last row.
      const newest = new Map<string, StoredRow>();
      for (const row of stored) {
        const name = `${row.topic}\n${row.key}`;
        newest.delete(name);
        newest.set(name, row);
      }
      return Array.from(newest.values(), rowOf);
    },
    rollback(toBlock) {
      const ids = above.all(toBlock) as unknown as { id: number }[];
      remove.run(toBlock);
      return ids.map(({ id }) => BigInt(id));
    },
    projectsNaming: (cid) => (naming.all(cid) as unknown as { id: number }[]).map(({ id }) => BigInt(id)),
    count: () => (count.get() as unknown as { rows: number }).rows,
  };
}

function rowOf({ scope, id, topic, key, block, log_index, tx, args }: StoredRow): FactRow {
  return {
    scope,
    id: BigInt(id),
    topic,
    key,
    block: BigInt(block),
    logIndex: log_index,
    tx,
    args: JSON.parse(args) as Record<string, unknown>,
  };
}
