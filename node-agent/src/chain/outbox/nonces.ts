import type { OutboxState } from "../../ledger/outboxTable.ts";

/** A transaction of this outbox that has a nonce. */
export interface OwnNonce {
  readonly nonce: number;
  readonly state: OutboxState;
}

/** What is known of an account's nonces. */
export interface KnownNonces {
  /** How many transactions of the account the newest block holds: the lowest nonce that is free on the chain. */
  readonly count: number;
  /** What this outbox signed. */
  readonly own: readonly OwnNonce[];
}

/** A count this far above what the ledger and the final block know may be a foreign program's; beyond it is a mistake. */
export const MOST_FOREIGN = 8;

/**
 * The nonce for the next transaction: the lowest that the chain takes and that nothing of this outbox has. So a nonce that
 * is missing is taken first, and what waits behind it goes on.
 */
export function nextNonce({ count, own }: KnownNonces): number {
  const taken = new Set(own.map(({ nonce }) => nonce));
  let nonce = Math.max(count, usedUp(own));
  while (taken.has(nonce)) nonce += 1;
  return nonce;
}

/**
 * Whether a count is believed: it is no more than a little above what is sure. An RPC that is wrong once would else have
 * a transaction wait for thousands that never come.
 *
 * @param finalCount - how many the newest final block holds; 0 while there is none.
 */
export function isBelievable({ count, own }: KnownNonces, finalCount: number): boolean {
  const signed = own.map(({ nonce }) => nonce + 1);
  return count <= Math.max(finalCount, ...signed) + MOST_FOREIGN;
}

/**
 * The nonces that nothing of this outbox has and that what it sent waits for, from the lowest, `most` at most: the chain
 * takes no transaction before the one with the nonce below it.
 */
export function missingNonces({ count, own }: KnownNonces, most: number): number[] {
  const waiting = new Set(own.flatMap(({ nonce, state }) => (state === "sent" ? [nonce] : [])));
  const highest = Math.max(-1, ...waiting);
  const missing: number[] = [];
  for (let nonce = Math.max(count, usedUp(own)); nonce < highest && missing.length < most; nonce++)
    if (!waiting.has(nonce)) missing.push(nonce);
  return missing;
}

/** The nonces below this one are used up, by what this outbox saw mined. */
function usedUp(own: readonly OwnNonce[]): number {
  return Math.max(
    0,
    ...own.flatMap(({ nonce, state }) => (state === "mined" || state === "final" ? [nonce + 1] : [])),
  );
}
