const BPS = 100;

/** A percentage with at most two decimals, 0 to 99.99; gives basis points. */
export function percentAsBps(text: string): number {
  const bps = /^\d{1,2}(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * BPS) : Number.NaN;
  if (bps >= 0) return bps;
  throw new RangeError("a percentage is 0 to 99.99, with at most two decimals");
}
