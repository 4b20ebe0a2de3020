import type { Hex } from "viem";
import { ReceiptError } from "./ReceiptError.ts";

/** The numbers of a row in their order, each with how many bytes it has. */
export type Fields<name extends string> = readonly (readonly [name: name, bytes: number])[];

/** A receipt's numbers: 32 bytes. */
export const RECEIPT_FIELDS = [
  ["projectId", 8],
  ["requests", 7],
  ["cpuMs", 6],
  ["egressKiB", 6],
  ["storedMiB", 5],
] as const;

/** A line's numbers: the receipt, and what it was charged. */
export const LINE_FIELDS = [...RECEIPT_FIELDS, ["amount", 8]] as const;

/**
 * Writes rows of numbers, big-endian, one behind the other.
 *
 * @throws {ReceiptError} `RECEIPT_RANGE`, which names the number that does not fit its bytes.
 */
export function encodeRows<name extends string>(
  fields: Fields<name>,
  rows: readonly Readonly<Record<name, bigint>>[],
): Hex {
  return `0x${rows.map((row) => fields.map(([name, bytes]) => digitsOf(name, bytes, row[name])).join("")).join("")}`;
}

function digitsOf(name: string, bytes: number, value: bigint): string {
  const bits = 8 * bytes;
  if (value >= 0n && value < 1n << BigInt(bits)) return value.toString(16).padStart(2 * bytes, "0");
  throw new ReceiptError({
    code: "RECEIPT_RANGE",
    message: `${name} of a receipt is 0 to 2^${bits} - 1`,
    value: String(value),
    next: `cut ${name} to what fits`,
  });
}

/** Reads rows of numbers. Throws `RECEIPT_BYTES` where the bytes are no whole rows. */
export function decodeRows<name extends string>(fields: Fields<name>, data: Hex): Record<name, bigint>[] {
  const rowBytes = fields.reduce((sum, [, bytes]) => sum + bytes, 0);
  const digits = data.slice(2);
  if (!/^0x[0-9a-fA-F]*$/.test(data) || digits.length % (2 * rowBytes) !== 0) {
    throw new ReceiptError({
      code: "RECEIPT_BYTES",
      message: `the bytes are not rows of ${rowBytes}`,
      value: data.length > 80 ? `${data.slice(0, 80)}... (${digits.length / 2} bytes)` : data,
    });
  }
  let at = 0;
  return Array.from({ length: digits.length / (2 * rowBytes) }, () => {
    const row = {} as Record<name, bigint>;
    for (const [name, bytes] of fields) {
      row[name] = BigInt(`0x${digits.slice(at, at + 2 * bytes)}`);
      at += 2 * bytes;
    }
    return row;
  });
}
