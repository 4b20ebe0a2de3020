/** Decimals of the asset: the contracts take no other. */
export const DECIMALS = 6;

/** An amount in base units as people write it: `12500000n` is `12.5`. No trailing zeros; negative ones keep their sign. */
export function formatAmount(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(DECIMALS + 1, "0");
  const whole = digits.slice(0, -DECIMALS);
  const decimals = digits.slice(-DECIMALS).replace(/0+$/, "");
  return `${amount < 0n ? "-" : ""}${whole}${decimals === "" ? "" : `.${decimals}`}`;
}
