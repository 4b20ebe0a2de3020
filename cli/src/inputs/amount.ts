import { parseAmount } from "@worker3/sdk";

/** An amount on the command line: in whole tokens, `1.5`. Gives base units. */
export function amount(text: string): bigint {
  return parseAmount(text);
}

/** An amount that is not 0, or the word for whatever is there. */
export function amountOrAll(text: string): bigint | "all" {
  return text === "all" ? "all" : positiveAmount(text);
}

/** An amount that is not 0. */
export function positiveAmount(text: string): bigint {
  const units = parseAmount(text);
  if (units > 0n) return units;
  throw new RangeError("an amount above 0 is needed");
}
