import { encodePacked, type Hash, type Hex, keccak256 } from "viem";

/** What names a counted batch; `lines` as bytes, see `encodeLines`. */
export interface CountedBatch {
  readonly nodeId: number;
  readonly epoch: number;
  /** See `statementsDigest`. */
  readonly statements: Hash;
  readonly lines: Hex;
}

/**
 * The hash by which the settlement knows a counted batch: `keccak256(nodeId 4 | epoch 4 | statements 32 | lines)`.
 *
 * Source: `batchHashOf` in contracts/settlement/ReceiptCounting.sol.
 */
export function batchHash({ nodeId, epoch, statements, lines }: CountedBatch): Hash {
  return keccak256(
    encodePacked(["uint32", "uint32", "bytes32", "bytes"], [nodeId, epoch, statements, lines]),
  );
}
