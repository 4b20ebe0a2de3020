import { readFileSync } from "node:fs";
import { readProcessStat } from "./readProcessStat.ts";

/** One process and no other that gets its pid later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Ticks since boot. */
  readonly startTime: string;
  readonly bootId: string;
}

/** Who has this pid now; undefined where nobody has. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const stat = readProcessStat(pid);
  return stat === undefined ? undefined : { pid, startTime: stat.startTime, bootId: bootId() };
}

/** Whether the process still runs. One that ended and was not looked after does not. */
export function isRunning(identity: ProcessIdentity): boolean {
  const stat = readProcessStat(identity.pid);
  return (
    stat !== undefined &&
    !stat.zombie &&
    stat.startTime === identity.startTime &&
    identity.bootId === bootId()
  );
}

/** Sends a signal unless the pid belongs to someone else by now. Whether it was sent. */
export function signalProcess(identity: ProcessIdentity, signal: "SIGTERM" | "SIGKILL"): boolean {
  if (!isRunning(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch {
    return false;
  }
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
