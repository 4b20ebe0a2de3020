import type { Checkpoint } from "../../ledger/checkpointTable.ts";
import { ChainError } from "../ChainError.ts";
import { type Header, headerAt } from "./headers.ts";
import { checkIdentity, type Identity } from "./identity.ts";
import type { Pair, Provider } from "./providers.ts";

/** What of the chain is in the ledger. */
export interface KnownBlocks {
  /** The newest block at or below one that the ledger was booked up to; the newest of all without one. */
  newest(atMost?: bigint): Checkpoint | undefined;
  readonly final: Checkpoint | undefined;
}

/** Where to go on from. */
export interface Cursor {
  /** Undefined: from the network's first block. */
  readonly at: Checkpoint | undefined;
  /** Whether what stands above it has to be taken back. */
  readonly isBack: boolean;
}

/**
 * Where the ledger goes on: at its newest block, or where the chain was reorganised, at the newest that both share. Going
 * back is believed only of a provider whose chain is this one, never below a final block, and where there is a witness
 * only if it tells the same.
 *
 * @throws {RpcError | ChainError} `WRONG_CHAIN`, `BELOW_FINAL`, or why one cannot be asked.
 * @throws {ChainError} `RPC_DISAGREE`: the witness does not know of it.
 */
export async function findCursor(
  { leader, witness }: Pair,
  known: KnownBlocks,
  head: Header,
  identity: Identity,
): Promise<Cursor> {
  const cursor = known.newest();
  const stay = { at: cursor, isBack: false };
  if (cursor === undefined || cursor.hash === head.hash || cursor.hash === head.parentHash) return stay;
  const shared = known.newest(head.number);
  // A provider that is a little behind knows our past but not our cursor: nothing to take back.
  if (shared !== undefined && (await hashOf(leader, shared.number, head)) === shared.hash) return stay;
  for (const provider of [leader, witness]) {
    if (provider === undefined) continue;
    provider.learnt.isOfChain = false;
    provider.learnt.isChecked = false;
    await checkIdentity(provider, identity);
  }
  const ancestor = await newestShared(leader, known, head);
  if (witness !== undefined) await confirm(leader, witness, ancestor, head);
  return { at: ancestor, isBack: true };
}

/** The newest block of the ledger that the chain of `head` has too, none below the final one. */
async function newestShared(
  provider: Provider,
  known: KnownBlocks,
  head: Header,
): Promise<Checkpoint | undefined> {
  const { final } = known;
  let at = known.newest(head.number);
  while (at !== undefined && (final === undefined || at.number > final.number)) {
    if ((await hashOf(provider, at.number, head)) === at.hash) return at;
    at = known.newest(at.number - 1n);
  }
  return final;
}

async function confirm(
  leader: Provider,
  witness: Provider,
  ancestor: Checkpoint | undefined,
  head: Header,
): Promise<void> {
  const knowsHead = (await hashOf(witness, head.number)) === head.hash;
  const knowsAncestor = ancestor === undefined || (await hashOf(witness, ancestor.number)) === ancestor.hash;
  if (knowsHead && knowsAncestor) return;
  throw new ChainError({
    code: "RPC_DISAGREE",
    message: `${leader.name} says that the chain was reorganised, ${witness.name} does not`,
    value: `block ${head.number} ${head.hash}`,
    next: "nothing, where it passes; else find out which of the two is wrong, and replace it in node.json",
  });
}

async function hashOf(provider: Provider, blockNumber: bigint, head?: Header): Promise<string | undefined> {
  if (head?.number === blockNumber) return head.hash;
  return (await headerAt(provider, { blockNumber }))?.hash;
}
