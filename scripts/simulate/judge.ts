export type Verdict = "does not pay" | "pays, within its bound" | "PAYS";

/** Gains below this are noise, whatever their standard error. */
const LEAST_USD = 0.002;

/** A gain counts where it is more than two standard errors; a bound is kept where the gain is not that far beyond it. */
export function judge(measured: {
  readonly gain: number;
  readonly standardErrorUsd: number;
  readonly boundUsdPerEpoch: number | undefined;
}): Verdict {
  const { gain, standardErrorUsd, boundUsdPerEpoch } = measured;
  if (gain <= Math.max(LEAST_USD, 2 * standardErrorUsd)) return "does not pay";
  if (boundUsdPerEpoch === undefined) return "PAYS";
  return gain - 2 * standardErrorUsd <= boundUsdPerEpoch ? "pays, within its bound" : "PAYS";
}
