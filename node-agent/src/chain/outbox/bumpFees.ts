import type { Fees } from "./estimateFees.ts";

/**
 * Fees that replace a transaction with the fees `old`: an eighth more at least, which is the most that nodes ask for, and
 * what the chain asks for now. Undefined where that is more than `most` for a unit of gas.
 */
export function bumpFees(old: Fees, now: Fees, most: bigint): Fees | undefined {
  const least = eighthMore(old.feePerGas);
  if (least > most) return undefined;
  const tipPerGas =
    old.tipPerGas === undefined ? undefined : maxOf(eighthMore(old.tipPerGas), now.tipPerGas ?? 0n);
  return capFees({ feePerGas: maxOf(least, now.feePerGas), tipPerGas }, most);
}

/** The same fees, at most so much for a unit of gas. */
export function capFees({ feePerGas, tipPerGas }: Fees, most: bigint): Fees {
  const capped = feePerGas < most ? feePerGas : most;
  return {
    feePerGas: capped,
    tipPerGas: tipPerGas === undefined || tipPerGas < capped ? tipPerGas : capped,
  };
}

/** Rounded up, and never the same. */
function eighthMore(fee: bigint): bigint {
  return fee === 0n ? 1n : (fee * 9n + 7n) / 8n;
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
