import { type Hex, hexToBytes, keccak256 } from "viem";

const BITS = 2_048;
/** A filter that is fuller says yes to much that is not there. */
const FULL_BITS = 700;

/**
 * Whether the logs of a block may hold one of each of some lists of addresses or topics, by the filter in its header: the
 * block says it itself, so an empty answer about it can be doubted. That they stand in one log it does not say. Undefined where the filter does not tell: chains that do not fill it leave it zero, and
 * one that is rather full says yes to everything.
 *
 * Source: Ethereum Yellow Paper, 4.4.1 (the function M).
 */
export function mayHold(bloom: Hex, lists: readonly (readonly Hex[])[]): boolean | undefined {
  const filter = hexToBytes(bloom);
  const ones = filter.reduce((sum, byte) => sum + bitsIn(byte), 0);
  if (ones === 0) return undefined;
  const isThere = (value: Hex) => bitsOf(value).every((bit) => isSet(filter, bit));
  if (!lists.every((values) => values.some(isThere))) return false;
  return ones > FULL_BITS ? undefined : true;
}

/** The three bits of a value: pairs of bytes of its hash, modulo the filter's length. */
function bitsOf(value: Hex): number[] {
  const hash = keccak256(value, "bytes");
  return [0, 2, 4].map((at) => (((hash[at] ?? 0) << 8) | (hash[at + 1] ?? 0)) % BITS);
}

function isSet(filter: Uint8Array, bit: number): boolean {
  const byte = filter[filter.length - 1 - (bit >> 3)] ?? 0;
  return ((byte >> (bit & 7)) & 1) === 1;
}

function bitsIn(byte: number): number {
  let ones = 0;
  for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1;
  return ones;
}
