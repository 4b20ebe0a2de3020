import type { Ledger } from "./openLedger.ts";

/** A deployment folder on this disk. */
export interface ContentRow {
  readonly cid: string;
  /** Bytes of the CAR. */
  readonly carBytes: number;
  /** Bytes of all files. */
  readonly bytes: number;
  readonly files: number;
  /** Unix time, in milliseconds. */
  readonly storedMs: number;
  /** For whom it was uploaded; absent where it was fetched. */
  readonly projectId?: bigint | undefined;
  /** Since when nothing wants it, Unix milliseconds; absent while something does. */
  readonly unwantedMs?: number | undefined;
}

/** Where a block's bytes lie in a CAR. */
export interface BlockRow {
  /** The block's CID, binary. */
  readonly block: Uint8Array;
  readonly offset: number;
  readonly length: number;
}

export interface ContentTable {
  /** Adds a folder and where its blocks lie: both, or neither. */
  insert(row: ContentRow, blocks: Iterable<BlockRow>): void;
  find(cid: string): ContentRow | undefined;
  /** All folders, by CID. */
  list(): ContentRow[];
  /** Notes since when nothing wants a folder, in Unix milliseconds; undefined: something does. */
  setUnwanted(cid: string, sinceMs: number | undefined): void;
  /** Notes that a folder was uploaded for a project again, at a time in Unix milliseconds. */
  touch(cid: string, nowMs: number, projectId: bigint): void;
  /** Forgets a folder and its blocks; false where it is not known. */
  delete(cid: string): boolean;
  /** A CAR that has the block, and where. */
  findBlock(block: Uint8Array): { cid: string; offset: number; length: number } | undefined;
}

/**
 * The tables `contents` and `content_blocks`.
 *
 * @throws {LedgerError} `LEDGER_FULL`, from `insert` and `delete`.
 */
export function contentTable(ledger: Ledger): ContentTable {
  const { database } = ledger;
  const insertContent = database.prepare(
    "INSERT INTO contents (cid, car_bytes, bytes, files, stored_ms, project_id) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const insertBlock = database.prepare(
    "INSERT INTO content_blocks (block, cid, offset, length) VALUES (?, ?, ?, ?)",
  );
  const columns = "cid, car_bytes, bytes, files, stored_ms, project_id, unwanted_ms";
  const selectOne = database.prepare(`SELECT ${columns} FROM contents WHERE cid = ?`);
  const selectAll = database.prepare(`SELECT ${columns} FROM contents ORDER BY cid`);
  const setUnwanted = database.prepare("UPDATE contents SET unwanted_ms = ? WHERE cid = ?");
  const touch = database.prepare(
    "UPDATE contents SET stored_ms = ?, project_id = ?, unwanted_ms = NULL WHERE cid = ?",
  );
  const deleteOne = database.prepare("DELETE FROM contents WHERE cid = ?");
  const selectBlock = database.prepare(
    "SELECT cid, offset, length FROM content_blocks WHERE block = ? LIMIT 1",
  );
  return {
    insert(row, blocks) {
      ledger.transaction(() => {
        const { cid, carBytes, bytes, files, storedMs, projectId } = row;
        insertContent.run(cid, carBytes, bytes, files, storedMs, projectId ?? null);
        for (const { block, offset, length } of blocks) insertBlock.run(block, cid, offset, length);
      });
    },
    find(cid) {
      const columns = selectOne.get(cid) as ContentColumns | undefined;
      return columns === undefined ? undefined : rowOf(columns);
    },
    list: () => (selectAll.all() as unknown as ContentColumns[]).map(rowOf),
    setUnwanted: (cid, sinceMs) => void setUnwanted.run(sinceMs ?? null, cid),
    touch: (cid, nowMs, projectId) => void touch.run(nowMs, projectId, cid),
    delete: (cid) => ledger.transaction(() => deleteOne.run(cid).changes !== 0),
    findBlock(block) {
      const place = selectBlock.get(block) as { cid: string; offset: number; length: number } | undefined;
      return place === undefined ? undefined : { ...place };
    },
  };
}

interface ContentColumns {
  cid: string;
  car_bytes: number;
  bytes: number;
  files: number;
  stored_ms: number;
  project_id: number | null;
  unwanted_ms: number | null;
}

function rowOf(columns: ContentColumns): ContentRow {
  return {
    cid: columns.cid,
    carBytes: columns.car_bytes,
    bytes: columns.bytes,
    files: columns.files,
    storedMs: columns.stored_ms,
    projectId: columns.project_id === null ? undefined : BigInt(columns.project_id),
    unwantedMs: columns.unwanted_ms ?? undefined,
  };
}
