/**
 * Whole milliseconds since some moment in the past that is the same for all processes of this machine (CLOCK_MONOTONIC). It goes on
 * at the pace of time, whatever becomes of the machine's clock, and stands still while the machine sleeps.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
