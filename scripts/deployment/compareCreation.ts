import { type Hex, size, slice } from "viem";
import type { Creation, NoCreation } from "./readCreation.ts";
import { type Row, row } from "./row.ts";

const EXPECTED = "the build's creation code";

/**
 * Whether a contract was created by the build's own constructor. The right code at the end is not enough: another
 * constructor could have filled the storage first, with a member of a role of which no event tells.
 */
export function compareCreation(name: string, creationCode: Hex, creation: Creation | NoCreation): Row {
  const what = `${name}: created by`;
  if ("unknown" in creation) return row(what, EXPECTED, creation.unknown);
  return row(
    what,
    EXPECTED,
    constructorArgumentsOf(creationCode, creation) === undefined ? "other code" : EXPECTED,
  );
}

/**
 * Whether a contract was made by another one's constructor: its address says who made it. What it was made of is in the other
 * one's creation code.
 */
export function compareMaker(
  name: string,
  { maker, isMade }: { readonly maker: string; readonly isMade: boolean },
): Row {
  const expected = `the constructor of ${maker}`;
  return row(`${name}: created by`, expected, isMade ? expected : "another account");
}

/** What follows the creation code, ABI-encoded; undefined where the contract was created by other code. */
export function constructorArgumentsOf(creationCode: Hex, { input }: Creation): Hex | undefined {
  if (!input.startsWith(creationCode)) return undefined;
  return size(input) === size(creationCode) ? "0x" : slice(input, size(creationCode));
}
