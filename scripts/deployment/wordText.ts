import { getAddress, type Hex, hexToBigInt, hexToBytes, slice } from "viem";

/**
 * A word of code or storage as people write its value. What is no clean value of its type (dirty upper bytes) stays
 * hexadecimal, so that it equals no declared value.
 *
 * @param type As the compiler says it.
 */
export function wordText(word: Hex, type: string): string {
  if (type === "address" || type.startsWith("contract ")) {
    return hexToBigInt(word) >> 160n === 0n ? getAddress(slice(word, -20)) : word;
  }
  const bits = /^uint(\d+)$/.exec(type)?.[1];
  if (bits !== undefined) {
    const value = hexToBigInt(word);
    return value >> BigInt(bits) === 0n ? String(value) : word;
  }
  if (type === "bool") {
    const value = hexToBigInt(word);
    return value > 1n ? word : String(value === 1n);
  }
  if (type === "ShortString") return shortStringOf(word) ?? word;
  return word;
}

/** OpenZeppelin's `ShortString`: up to 31 bytes on the left, their number in the last byte. */
function shortStringOf(word: Hex): string | undefined {
  const bytes = hexToBytes(word);
  const length = bytes[31] ?? 0;
  const clean = length < 32 && bytes.subarray(length, 31).every((byte) => byte === 0);
  return clean ? JSON.stringify(new TextDecoder().decode(bytes.subarray(0, length))) : undefined;
}
