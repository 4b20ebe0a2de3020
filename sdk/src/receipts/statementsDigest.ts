import { concatHex, type Hash, keccak256 } from "viem";

/**
 * What a batch says about its usage statements: keccak256 of their digests, one behind the other, in the order of the
 * receipts. See `statementDigest` for one of them.
 */
export function statementsDigest(digests: readonly Hash[]): Hash {
  return keccak256(concatHex(digests));
}
