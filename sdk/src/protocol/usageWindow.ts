import type { Times } from "./times.ts";

/** In which epochs what can be done with the usage of one epoch; all bounds inclusive. */
export interface UsageWindow {
  readonly firstSubmit: number;
  readonly lastSubmit: number;
  /** The last epoch in which a counted receipt can be released or disputed. */
  readonly lastTouch: number;
  /** The first epoch in which a bucket that nobody touched is claimed. */
  readonly firstClaim: number;
}

/** The windows of usage of `epoch`: submit `e < now <= e + late`, touch until `e + late + dispute`, claim after that. */
export function usageWindow(times: Pick<Times, "late" | "dispute">, epoch: number): UsageWindow {
  const lastTouch = epoch + times.late + times.dispute;
  return {
    firstSubmit: epoch + 1,
    lastSubmit: epoch + times.late,
    lastTouch,
    firstClaim: lastTouch + 1,
  };
}
