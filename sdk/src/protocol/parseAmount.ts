import { DECIMALS } from "./formatAmount.ts";
import { ProtocolError } from "./ProtocolError.ts";

const UINT64_MAX = (1n << 64n) - 1n;

/**
 * Reads an amount of the asset as people write it: `12`, `12.5`, `0.000001`. Digits with at most one dot and at most 6
 * decimals; no sign, no exponent, no grouping.
 *
 * @returns Base units.
 * @throws {ProtocolError} `AMOUNT_BAD`.
 */
export function parseAmount(text: string): bigint {
  const [, whole, decimals = ""] = /^(\d{1,30})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined) {
    throw amountError("an amount is digits with at most 6 decimals, like 12.5", text);
  }
  const amount = BigInt(whole + decimals.padEnd(DECIMALS, "0"));
  if (amount > UINT64_MAX) throw amountError("the amount is larger than the contracts can hold", text);
  return amount;
}

function amountError(message: string, value: string): ProtocolError {
  return new ProtocolError({ code: "AMOUNT_BAD", message, value });
}
