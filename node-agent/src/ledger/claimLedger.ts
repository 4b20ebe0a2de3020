import { LedgerError } from "./LedgerError.ts";
import type { Ledger } from "./openLedger.ts";

/** Whose ledger it is: a node on a chain, whose epochs are cut by this time line. */
export interface LedgerOwner {
  readonly chainId: number;
  readonly settlement: string;
  readonly nodeId: number;
  readonly genesis: number;
  readonly epochSeconds: number;
}

const KEY = "owner";

/**
 * Makes a new ledger this node's, and refuses one that is another's: what that node is still owed would be taken for usage
 * that nobody pays.
 *
 * @returns Whether it is a new one.
 * @throws {LedgerError} `LEDGER_OF_ANOTHER`, with what differs.
 */
export function claimLedger({ database }: Pick<Ledger, "database">, owner: LedgerOwner): boolean {
  const row = database.prepare("SELECT value FROM meta WHERE key = ?").get(KEY) as
    | { value: string }
    | undefined;
  if (row === undefined) {
    const settlement = owner.settlement.toLowerCase();
    database
      .prepare("INSERT INTO meta (key, value) VALUES (?, ?)")
      .run(KEY, JSON.stringify({ ...owner, settlement }));
    return database.prepare("SELECT 1 FROM checkpoints LIMIT 1").get() === undefined;
  }
  const known = JSON.parse(row.value) as LedgerOwner;
  for (const [name, value] of Object.entries(owner)) {
    const was = known[name as keyof LedgerOwner];
    if (String(was).toLowerCase() === String(value).toLowerCase()) continue;
    throw new LedgerError({
      code: "LEDGER_OF_ANOTHER",
      message: `this ledger was written with ${name} ${was}, node.json has ${value}`,
      value: String(value),
      next: `put ${name} back in node.json; or for another node take another state folder, which begins a ledger of its own`,
    });
  }
  return false;
}
