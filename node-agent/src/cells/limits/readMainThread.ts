import { readFileSync } from "node:fs";

export interface ThreadTimes {
  /** On a core, in ms. */
  readonly cpuMs: number;
  /** Ready to run and waiting for a core, in ms. */
  readonly waitedMs: number;
}

/**
 * What a process's first thread used so far: in workerd the one that runs JavaScript. One small file, so that it can be
 * read ten times a second; what is paid for is counted by `startCpuClock`.
 *
 * Source: https://docs.kernel.org/scheduler/sched-stats.html, `/proc/<pid>/schedstat`.
 *
 * @returns undefined where there is no such process.
 */
export function readMainThread(pid: number): ThreadTimes | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "latin1");
    const [cpuNs = Number.NaN, waitedNs = Number.NaN] = text.split(" ", 2).map(Number);
    return { cpuMs: cpuNs / 1e6, waitedMs: waitedNs / 1e6 };
  } catch {
    return undefined;
  }
}
