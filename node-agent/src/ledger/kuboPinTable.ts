import type { Ledger } from "./openLedger.ts";

/** The table `kubo_pins`: what this node has had an IPFS daemon pin, and nobody else's pins. */
export interface KuboPinTable {
  /** Notes one, before the daemon is told; nothing happens where it is noted already. */
  insert(cid: string): void;
  delete(cid: string): void;
  /** All of them, by CID. */
  list(): string[];
}

export function kuboPinTable({ database }: Ledger): KuboPinTable {
  const insert = database.prepare("INSERT OR IGNORE INTO kubo_pins (cid) VALUES (?)");
  const deleteOne = database.prepare("DELETE FROM kubo_pins WHERE cid = ?");
  const selectAll = database.prepare("SELECT cid FROM kubo_pins ORDER BY cid");
  return {
    insert: (cid) => void insert.run(cid),
    delete: (cid) => void deleteOne.run(cid),
    list: () => (selectAll.all() as unknown as { cid: string }[]).map(({ cid }) => cid),
  };
}
