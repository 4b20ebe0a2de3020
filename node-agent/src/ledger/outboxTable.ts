import type { ErrorDocument } from "@worker3/sdk";
import type { Address, Hash, Hex } from "viem";
import type { Ledger } from "./openLedger.ts";

/**
 * `queued`: not signed. `sent`: signed, perhaps on its way. `mined`: in a block. `final`: in a final one. `failed`: it
 * is of no effect and is not tried again, unless its owner puts it back.
 */
export type OutboxState = "queued" | "sent" | "mined" | "final" | "failed";

/** What was signed last for a transaction. Fees in the chain's smallest unit. */
export interface SignedTransaction {
  readonly sender: Address;
  readonly nonce: number;
  readonly gas: bigint;
  /** The most for a unit of gas; the price of one where the chain knows no tips. */
  readonly feePerGas: bigint;
  readonly tipPerGas: bigint | undefined;
  readonly raw: Hex;
  readonly hash: Hash;
  /** Unix milliseconds at which it was signed. */
  readonly sentMs: number;
}

/** The block that a transaction is in. */
export interface MinedIn {
  /** Of what was mined, which need not be what was signed last. */
  readonly hash: Hash;
  readonly block: bigint;
  readonly blockHash: Hash;
}

export interface OutboxRow {
  readonly id: number;
  /** What it is for, such as `submit:17`. */
  readonly reference: string;
  readonly to: Address;
  readonly data: Hex;
  readonly state: OutboxState;
  readonly signed: SignedTransaction | undefined;
  readonly mined: MinedIn | undefined;
  /** Why it failed. */
  readonly error: ErrorDocument | undefined;
  /** Unix milliseconds of the last change of its state. */
  readonly changedMs: number;
}

/** The transactions of the operator's key. Every method is one transaction, or joins the one around it. */
export interface OutboxTable {
  /** Says whether there was none with that reference. */
  add(call: { reference: string; to: Address; data: Hex }, nowMs: number): boolean;
  /** Puts a failed one back into the queue; says whether it had failed. */
  requeue(call: { reference: string; to: Address; data: Hex }, nowMs: number): boolean;
  find(reference: string): OutboxRow | undefined;
  /** In the order in which they came. */
  list(states: readonly OutboxState[]): OutboxRow[];
  /** Those whose reference begins so, in the same order. */
  withPrefix(prefix: string): OutboxRow[];
  sign(id: number, signed: SignedTransaction): void;
  mine(id: number, mined: MinedIn, nowMs: number): void;
  /** Its block is no longer part of the chain. */
  unmine(id: number, nowMs: number): void;
  finish(id: number, nowMs: number): void;
  fail(id: number, error: ErrorDocument, nowMs: number): void;
  /** All hashes that were signed for it, the newest last. */
  hashesOf(id: number): Hash[];
  /** The nonces of what is signed and has not failed. */
  noncesOf(sender: Address): { nonce: number; state: OutboxState }[];
  /** Deletes those that ended before. */
  prune(beforeMs: number): void;
}

interface StoredRow {
  id: number;
  reference: string;
  target: Address;
  data: Hex;
  state: OutboxState;
  sender: Address | null;
  nonce: number | null;
  gas: number | null;
  fee_per_gas: string | null;
  tip_per_gas: string | null;
  raw: Hex | null;
  hash: Hash | null;
  mined_hash: Hash | null;
  block: number | null;
  block_hash: Hash | null;
  error: string | null;
  changed_ms: number;
  sent_ms: number | null;
}

export function outboxTable(ledger: Ledger): OutboxTable {
  const { database } = ledger;
  const add = database.prepare(
    `INSERT INTO outbox (reference, target, data, state, created_ms, changed_ms) VALUES (?, ?, ?, 'queued', ?, ?)
     ON CONFLICT (reference) DO NOTHING`,
  );
  // Hashes of a transaction that was mined and refused go with it: their receipts say nothing of the next one. Those of
  // one that was never seen mined stay, for it may turn up.
  const forgetHashes = database.prepare(
    `DELETE FROM outbox_hashes WHERE outbox_id = (
       SELECT id FROM outbox
       WHERE reference = ? AND state = 'failed' AND json_extract(error, '$.code') NOT IN ('TX_NONCE', 'NONCE_GAP')
     )`,
  );
  const requeue = database.prepare(
    `UPDATE outbox SET target = ?, data = ?, state = 'queued', changed_ms = ?, sender = NULL, nonce = NULL, gas = NULL,
       fee_per_gas = NULL, tip_per_gas = NULL, raw = NULL, hash = NULL, mined_hash = NULL, block = NULL,
       block_hash = NULL, error = NULL, sent_ms = NULL
     WHERE reference = ? AND state = 'failed'`,
  );
  const find = database.prepare("SELECT * FROM outbox WHERE reference = ?");
  const list = database.prepare("SELECT * FROM outbox WHERE state = ? ORDER BY id");
  const withPrefix = database.prepare(
    "SELECT * FROM outbox WHERE substr(reference, 1, length(?1)) = ?1 ORDER BY id",
  );
  const sign = database.prepare(
    `UPDATE outbox SET state = 'sent', sender = ?, nonce = ?, gas = ?, fee_per_gas = ?, tip_per_gas = ?, raw = ?,
       hash = ?, sent_ms = ?, changed_ms = ? WHERE id = ?`,
  );
  const addHash = database.prepare("INSERT OR IGNORE INTO outbox_hashes (hash, outbox_id) VALUES (?, ?)");
  const mine = database.prepare(
    "UPDATE outbox SET state = 'mined', mined_hash = ?, block = ?, block_hash = ?, changed_ms = ? WHERE id = ?",
  );
  const unmine = database.prepare(
    `UPDATE outbox SET state = CASE WHEN raw IS NULL THEN 'queued' ELSE 'sent' END, mined_hash = NULL, block = NULL,
       block_hash = NULL, changed_ms = ? WHERE id = ?`,
  );
  const finish = database.prepare("UPDATE outbox SET state = 'final', changed_ms = ? WHERE id = ?");
  const fail = database.prepare("UPDATE outbox SET state = 'failed', error = ?, changed_ms = ? WHERE id = ?");
  const hashes = database.prepare(
    `SELECT h.hash FROM outbox_hashes h JOIN outbox o ON o.id = h.outbox_id WHERE o.id = ? ORDER BY h.hash = o.hash`,
  );
  const nonces = database.prepare(
    "SELECT nonce, state FROM outbox WHERE sender = ? AND nonce IS NOT NULL AND state IN ('sent', 'mined', 'final')",
  );
  const prune = database.prepare("DELETE FROM outbox WHERE state IN ('final', 'failed') AND changed_ms < ?");
  return {
    add: ({ reference, to, data }, nowMs) => add.run(reference, to, data, nowMs, nowMs).changes > 0,
    requeue: ({ reference, to, data }, nowMs) =>
      ledger.transaction(() => {
        forgetHashes.run(reference);
        return requeue.run(to, data, nowMs, reference).changes > 0;
      }),
    find(reference) {
      const row = find.get(reference) as unknown as StoredRow | undefined;
      return row === undefined ? undefined : rowOf(row);
    },
    list: (states) =>
      states
        .flatMap((state) => list.all(state) as unknown as StoredRow[])
        .map(rowOf)
        .sort((a, b) => a.id - b.id),
    withPrefix: (prefix) => (withPrefix.all(prefix) as unknown as StoredRow[]).map(rowOf),
    sign: (id, { sender, nonce, gas, feePerGas, tipPerGas, raw, hash, sentMs }) =>
      ledger.transaction(() => {
        const tip = tipPerGas === undefined ? null : String(tipPerGas);
        sign.run(sender, nonce, gas, String(feePerGas), tip, raw, hash, sentMs, sentMs, id);
        addHash.run(hash, id);
      }),
    mine: (id, { hash, block, blockHash }, nowMs) => void mine.run(hash, block, blockHash, nowMs, id),
    unmine: (id, nowMs) => void unmine.run(nowMs, id),
    finish: (id, nowMs) => void finish.run(nowMs, id),
    fail: (id, error, nowMs) => void fail.run(JSON.stringify(error), nowMs, id),
    hashesOf: (id) => (hashes.all(id) as unknown as { hash: Hash }[]).map(({ hash }) => hash),
    noncesOf: (sender) =>
      (nonces.all(sender) as unknown as { nonce: number; state: OutboxState }[]).map((row) => ({ ...row })),
    prune: (beforeMs) => void prune.run(beforeMs),
  };
}

function rowOf(row: StoredRow): OutboxRow {
  const { id, reference, target: to, data, state } = row;
  return {
    id,
    reference,
    to,
    data,
    state,
    signed: signedOf(row),
    mined:
      row.mined_hash === null || row.block === null || row.block_hash === null
        ? undefined
        : { hash: row.mined_hash, block: BigInt(row.block), blockHash: row.block_hash },
    error: row.error === null ? undefined : (JSON.parse(row.error) as ErrorDocument),
    changedMs: row.changed_ms,
  };
}

function signedOf(row: StoredRow): SignedTransaction | undefined {
  const { sender, nonce, gas, raw, hash, fee_per_gas: fee, tip_per_gas: tip, sent_ms: sentMs } = row;
  if (sender === null || nonce === null || gas === null || raw === null || hash === null) return undefined;
  if (fee === null || sentMs === null) return undefined;
  return {
    sender,
    nonce,
    gas: BigInt(gas),
    feePerGas: BigInt(fee),
    tipPerGas: tip === null ? undefined : BigInt(tip),
    raw,
    hash,
    sentMs,
  };
}
