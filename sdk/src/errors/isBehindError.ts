import { revertDataOf } from "./revertDataOf.ts";
import { textOf } from "./textOf.ts";

/**
 * How RPCs say that they do not have a block, or its state, yet: geth, op-geth, nitro, bor ("header not found", "missing
 * trie node"), Erigon and reth ("block not found"), Nethermind, Besu ("unknown block"), anvil, QuickNode, Alchemy.
 */
const BEHIND = new RegExp(
  [
    "(header|block|state)( \\S+)? (was |is |could |can )?(not|n't) (be )?(found|available|known)",
    "(unknown|future|missing) (block|header|trie node|state)",
    "block( requested)? not found|BlockOutOfRange|block (number |height )?(is )?(out of range|beyond|after|ahead)",
    "(beyond|greater than|after|ahead of|above) (the )?(current |latest |chain )?(head|block|tip)",
    "historical state .{0,40}not available|no state available|resource not found",
  ].join("|"),
  "i",
);

/** Whether the machine that answered lacks the block that it was asked about. */
export function isBehindError(error: unknown): boolean {
  return revertDataOf(error) === undefined && BEHIND.test(textOf(error));
}
