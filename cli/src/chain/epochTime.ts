import { epochStart, type Times } from "@worker3/sdk";

/** When an epoch begins. */
export function epochTime(times: Times, epoch: number): Date {
  return new Date(epochStart(times, epoch) * 1000);
}
