import type { Times } from "./times.ts";

/** When an epoch begins, in Unix seconds; the epoch before it ends at the same moment. */
export function epochStart(times: Pick<Times, "genesis" | "epochSeconds">, epoch: number): number {
  return times.genesis + epoch * times.epochSeconds;
}
