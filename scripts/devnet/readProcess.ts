import { readdirSync, readFileSync } from "node:fs";

/** A process of this machine, as `/proc` shows it. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parentPid: number;
  /** Of its process group and of its session: the pid that their leader has or had. */
  readonly group: number;
  readonly session: number;
  /** Clock ticks since boot: tells a process from a later one with the same pid. */
  readonly startTime: string;
  /** Empty for a process of the kernel. */
  readonly command: readonly string[];
}

/** A process, or undefined if it ended: also where only its exit code is left to be read. */
export function readProcess(pid: number): ProcessInfo | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the name, in parentheses, and may hold anything: count from behind it.
    const [state, parentPid, group, session, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const startTime = rest[STARTTIME];
    if (startTime === undefined || state === "Z" || state === "X") return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replace(/\0+$/, "").split("\0");
    return {
      pid,
      parentPid: Number(parentPid),
      group: Number(group),
      session: Number(session),
      startTime,
      command: command.filter((part, i) => i > 0 || part !== ""),
    };
  } catch {
    return undefined;
  }
}

/** Field 22 of proc_pid_stat(5); `rest` begins with field 7. */
const STARTTIME = 22 - 7;

/** Whether that very process still runs. */
export function isRunning({ pid, startTime }: Pick<ProcessInfo, "pid" | "startTime">): boolean {
  return readProcess(pid)?.startTime === startTime;
}

/** All processes that run now. */
export function allProcesses(): ProcessInfo[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => readProcess(Number(pid)))
    .filter((found) => found !== undefined);
}

/** The environment that a process was started with, as `NAME=value`; empty if it ended, or is another user's. */
export function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}
