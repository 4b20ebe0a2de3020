import type { Ledger } from "./openLedger.ts";
import { storedAfter, storedId } from "./storedId.ts";

export type FactScope = "network" | "node" | "project";

/** What a fact is about. */
export interface FactKey {
  readonly scope: FactScope;
  /** The node's or the project's id; 0 for the network. */
  readonly id: bigint;
  readonly topic: string;
  /** Which of the topic's things; empty where there is only one. */
  readonly key: string;
}

/** What one event says about one thing. See the table `facts`. */
export interface FactRow extends FactKey {
  readonly block: bigint;
  readonly logIndex: number;
  readonly tx: string;
  /** JSON. */
  readonly args: string;
}

/** The facts of the chain, row by row. The newest row of a key is what holds. */
export interface FactTable {
  insert(rows: readonly FactRow[]): void;
  /** Everything that was said of a thing, of one topic or all, in the chain's order; also what holds no longer. */
  history(of: Pick<FactKey, "scope" | "id">, topic?: string): FactRow[];
  /** The rows of a topic whose keys begin so, in the chain's order. */
  withPrefix(of: Omit<FactKey, "key">, keyPrefix: string): FactRow[];
  newest(key: FactKey): FactRow | undefined;
  /** Of some topics the newest row of each key: first by id, then by topic and key. Nothing may be written meanwhile. */
  holding(scope: FactScope, topics: readonly string[]): Iterable<Omit<FactRow, "tx">>;
  /** Of each row of a topic its key and block alone, in the chain's order. */
  keys(of: Omit<FactKey, "key">): Pick<FactRow, "key" | "block">[];
  /** Deletes what stands above a block, and says which keys that was about. */
  rollback(toBlock: bigint): FactKey[];
  /** The projects of which a version names a CID. */
  projectsNaming(cid: string): bigint[];
  /** The projects whose owner an account is now, with ids above `after`, in their order. The address has its checksum. */
  ownedBy(owner: string, page: { readonly after: bigint; readonly limit: number }): bigint[];
  count(): number;
}

interface StoredKey {
  scope: FactScope;
  id: number;
  topic: string;
  key: string;
}

interface StoredRow extends StoredKey {
  block: number;
  log_index: number;
  tx: string;
  args: string;
}

/** What no key begins with. */
const LAST = "\u{10ffff}";

export function factTable({ database }: Ledger): FactTable {
  const insert = database.prepare(
    "INSERT OR REPLACE INTO facts (scope, id, topic, key, block, log_index, tx, args) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const history = database.prepare(
    "SELECT * FROM facts WHERE scope = ? AND id = ? ORDER BY block, log_index",
  );
  const withPrefix = database.prepare(
    `SELECT * FROM facts WHERE scope = ? AND id = ? AND topic = ? AND key >= ? AND key < ?
     ORDER BY block, log_index`,
  );
  const keys = database.prepare(
    "SELECT key, block FROM facts WHERE scope = ? AND id = ? AND topic = ? ORDER BY block, log_index",
  );
  const newest = database.prepare(
    `SELECT * FROM facts WHERE scope = ? AND id = ? AND topic = ? AND key = ?
     ORDER BY block DESC, log_index DESC LIMIT 1`,
  );
  const above = database.prepare("SELECT DISTINCT scope, id, topic, key FROM facts WHERE block > ?");
  const remove = database.prepare("DELETE FROM facts WHERE block > ?");
  const naming = database.prepare(
    "SELECT DISTINCT id FROM facts WHERE topic = 'version' AND json_extract(args, '$.cid') = ? ORDER BY id",
  );
  const owned = database.prepare(
    `SELECT id FROM facts AS told
     WHERE topic = 'owner' AND json_extract(args, '$.owner') = ? AND id > ? AND NOT EXISTS (
       SELECT 1 FROM facts AS later WHERE later.scope = 'project' AND later.id = told.id AND later.topic = 'owner'
       AND (later.block, later.log_index) > (told.block, told.log_index)
     ) ORDER BY id LIMIT ?`,
  );
  const count = database.prepare("SELECT count(*) AS rows FROM facts");
  const rows = (stored: unknown[]) => (stored as StoredRow[]).map(rowOf);
  return {
    insert(rows) {
      for (const { scope, id, topic, key, block, logIndex, tx, args } of rows)
        insert.run(scope, id, topic, key, block, logIndex, tx, args);
    },
    history: ({ scope, id }, topic) =>
      rows(
        topic === undefined
          ? history.all(scope, storedId(id))
          : withPrefix.all(scope, storedId(id), topic, "", LAST),
      ),
    withPrefix: ({ scope, id, topic }, keyPrefix) =>
      rows(withPrefix.all(scope, storedId(id), topic, keyPrefix, `${keyPrefix}${LAST}`)),
    newest({ scope, id, topic, key }) {
      const row = newest.get(scope, storedId(id), topic, key) as unknown as StoredRow | undefined;
      return row === undefined ? undefined : rowOf(row);
    },
    *holding(scope, topics) {
      // Asked anew each time: the iterator of a statement that is used again would end. Hashes are not read, for there
      // are hundreds of thousands of rows.
      const places = topics.map(() => "?").join(", ");
      const all = database
        .prepare(
          `SELECT id, topic, key, block, log_index, args FROM facts WHERE scope = ? AND topic IN (${places})
           ORDER BY scope, id, topic, key, block, log_index`,
        )
        .iterate(scope, ...topics) as unknown as Iterable<Omit<StoredRow, "scope" | "tx">>;
      let last: Omit<StoredRow, "scope" | "tx"> | undefined;
      for (const row of all) {
        if (last !== undefined && !isSameKey(last, row)) yield heldOf(scope, last);
        last = row;
      }
      if (last !== undefined) yield heldOf(scope, last);
    },
    keys({ scope, id, topic }) {
      const stored = keys.all(scope, storedId(id), topic) as unknown as { key: string; block: number }[];
      return stored.map(({ key, block }) => ({ key, block: BigInt(block) }));
    },
    rollback(toBlock) {
      const stored = above.all(toBlock) as unknown as StoredKey[];
      remove.run(toBlock);
      return stored.map(({ scope, id, topic, key }) => ({ scope, id: BigInt(id), topic, key }));
    },
    projectsNaming: (cid) => (naming.all(cid) as unknown as { id: number }[]).map(({ id }) => BigInt(id)),
    ownedBy: (owner, { after, limit }) =>
      (owned.all(owner, storedAfter(after), limit) as unknown as { id: number }[]).map(({ id }) =>
        BigInt(id),
      ),
    count: () => (count.get() as unknown as { rows: number }).rows,
  };
}

function isSameKey(a: Omit<StoredKey, "scope">, b: Omit<StoredKey, "scope">): boolean {
  return a.key === b.key && a.topic === b.topic && a.id === b.id;
}

function rowOf({ tx, ...row }: StoredRow): FactRow {
  return { ...heldOf(row.scope, row), tx };
}

function heldOf(
  scope: FactScope,
  { id, topic, key, block, log_index, args }: Omit<StoredRow, "scope" | "tx">,
): Omit<FactRow, "tx"> {
  return { scope, id: BigInt(id), topic, key, block: BigInt(block), logIndex: log_index, args };
}
