import { formatAmount } from "../protocol/formatAmount.ts";
import { regionsOf } from "../protocol/regionsOf.ts";

const PLACEHOLDER = /\{(\w+)(?::(\w+))?\}/g;
/** The least cap of a node that takes no new seats: what 40 bits hold. */
const FULL = (1n << 40n) - 1n;
const STATUS = ["untouched", "released already", "disputed already", "settled already"];

/** The names of the arguments that a text mentions. */
export function placeholdersOf(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name = ""]) => name);
}

/** A text of `texts/` with the error's arguments in it; what has no argument stays as it is. */
export function fillText(text: string, args: Readonly<Record<string, unknown>>): string {
  return text.replace(PLACEHOLDER, (whole, name: string, format: string | undefined) =>
    name in args ? show(args[name], format) : whole,
  );
}

function show(value: unknown, format: string | undefined): string {
  switch (format) {
    case "amount":
      return formatAmount(BigInt(String(value)));
    case "time":
      return new Date(Number(value) * 1000).toISOString();
    case "regions":
      return regionsOf(Number(value) & 0x1ff).join(", ") || "no region";
    case "leastCap":
      return BigInt(String(value)) === FULL
        ? "it is full"
        : `it takes caps from ${formatAmount(BigInt(String(value)))} on`;
    case "status":
      return STATUS[Number(value)] ?? String(value);
    default:
      return String(value);
  }
}
