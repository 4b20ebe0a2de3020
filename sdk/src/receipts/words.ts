import type { Hex } from "viem";
import { ReceiptError } from "./ReceiptError.ts";

const WORD_BYTES = 8;
const WORD_MAX = (1n << 64n) - 1n;

/** Writes uint64 words, big-endian, one behind the other. Throws `RECEIPT_RANGE` for what does not fit 64 bits. */
export function encodeWords(words: readonly bigint[]): string {
  return words
    .map((word) => {
      if (word >= 0n && word <= WORD_MAX) return word.toString(16).padStart(WORD_BYTES * 2, "0");
      throw new ReceiptError({
        code: "RECEIPT_RANGE",
        message: "a number of a receipt is 0 to 2^64 - 1",
        value: String(word),
      });
    })
    .join("");
}

/** Reads rows of `perRow` uint64 words. Throws `RECEIPT_BYTES` where the bytes are no whole rows. */
export function decodeWords(data: Hex, perRow: number): bigint[][] {
  const rowDigits = perRow * WORD_BYTES * 2;
  const digits = data.slice(2);
  if (!/^0x[0-9a-fA-F]*$/.test(data) || digits.length % rowDigits !== 0) {
    throw new ReceiptError({
      code: "RECEIPT_BYTES",
      message: `the bytes are not rows of ${perRow * WORD_BYTES}`,
      value: data.length > 80 ? `${data.slice(0, 80)}... (${digits.length / 2} bytes)` : data,
    });
  }
  return Array.from({ length: digits.length / rowDigits }, (_, row) =>
    Array.from({ length: perRow }, (_, word) => {
      const start = row * rowDigits + word * WORD_BYTES * 2;
      return BigInt(`0x${digits.slice(start, start + WORD_BYTES * 2)}`);
    }),
  );
}
