import { BaseError } from "viem";
import { revertDataOf } from "../../errors/revertDataOf.ts";
import { textOf } from "../../errors/textOf.ts";

/**
 * What an RPC's answer to a signed transaction means. `known`: it has the very transaction. `used`: the nonce is used up.
 * `occupied`: another transaction waits with the nonce. `poor`, `cheap`: refused for want of coin or of fee. `lost`:
 * whether the transaction arrived is open, as it is where no answer came.
 */
export type SendVerdict = "known" | "used" | "occupied" | "poor" | "cheap" | "lost";

/** How RPCs word it: geth, reth, Erigon, Nethermind, Besu, anvil, nitro. The first that fits counts. */
const WORDS: readonly [verdict: SendVerdict, words: RegExp][] = [
  [
    "known",
    /already known|already imported|alreadyknown|\bknown transaction|already (exists|in (the )?(mem)?pool)/i,
  ],
  ["occupied", /replace(ment)?\b|replacementnotallowed/i],
  ["used", /nonce (is )?(too low|too small|already used)|oldnonce|noncetoolow/i],
  ["poor", /insufficient (funds|balance)|lack of funds|upfront cost exceeds/i],
  ["cheap", /underpriced|fee ?too ?low|max fee per gas less than|gas price (is )?(below|too low|less)/i],
];

/** Judges what handing a transaction over threw. Whatever is not known for sure is `lost`. */
export function judgeSendError(error: unknown): SendVerdict {
  // A contract's reason, whatever it says: some tell it of a transaction that they mined.
  if (error instanceof BaseError && revertDataOf(error) !== undefined) return "lost";
  const text = textOf(error);
  return WORDS.find(([, words]) => words.test(text))?.[0] ?? "lost";
}
