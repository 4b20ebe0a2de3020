import { formatAmount } from "@worker3/sdk";

/** An amount for a person: `1500000n` is `1.5 USD`. */
export function usd(amount: bigint): string {
  return `${formatAmount(amount)} USD`;
}
