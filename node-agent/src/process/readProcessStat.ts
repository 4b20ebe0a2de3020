import { readFileSync } from "node:fs";

/** Clock ticks a second as the kernel shows them (`USER_HZ`): 100 on every platform that workerd runs on. */
const TICK_MS = 10;

export interface ProcessStat {
  /** When it started, in ticks since the machine did: with the pid it names one process until the next boot. */
  readonly startTime: string;
  /** CPU time of all its threads, also of those that ended; ms, each of user and system time rounded down to 10. */
  readonly cpuMs: number;
  /** It ended and waits for its parent to look. */
  readonly zombie: boolean;
}

/** What `/proc/<pid>/stat` says, or undefined where there is no such process. Source: proc(5). */
export function readProcessStat(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  return parseProcessStat(text);
}

/** See `readProcessStat`. The second field, the program's name, may itself hold spaces and parentheses. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, user, system, startTime] = [fields[0], fields[11], fields[12], fields[19]];
  if (startTime === undefined) return undefined;
  return {
    startTime,
    cpuMs: (Number(user) + Number(system)) * TICK_MS,
    zombie: state === "Z" || state === "X",
  };
}
