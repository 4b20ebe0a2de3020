import { readdirSync, readFileSync } from "node:fs";
import type { ProcessIdentity } from "../../process/processIdentity.ts";
import { readProcessStat } from "../../process/readProcessStat.ts";

/** User and system time are rounded down to ticks, each on its own, so a difference may be two ticks too large. */
const TICKS_OFF_MS = 20;

/**
 * A clock of the CPU time that a process uses from now on, in whole ms. It never falls and never shows more than was
 * used; after the process's end it stays.
 *
 * Two sources, of which the larger holds: `schedstat` of the threads that live counts nanoseconds but forgets threads
 * that ended, `stat` counts those too but only ticks.
 */
export function startCpuClock({ pid, startTime }: ProcessIdentity): () => number {
  const first = read(pid, startTime);
  let last = 0;
  return () => {
    const now = read(pid, startTime);
    if (now === undefined || first === undefined) return last;
    const byThreads = (now.threadsNs - first.threadsNs) / 1e6;
    const byTicks = now.ticksMs - first.ticksMs - TICKS_OFF_MS;
    last = Math.max(last, Math.floor(byThreads), byTicks);
    return last;
  };
}

function read(pid: number, startTime: string): { threadsNs: number; ticksMs: number } | undefined {
  const threadsNs = readThreadsNs(pid);
  const stat = readProcessStat(pid);
  if (stat?.startTime !== startTime) return undefined;
  return { threadsNs, ticksMs: stat.cpuMs };
}

function readThreadsNs(pid: number): number {
  let sum = 0;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8");
      sum += Number(text.slice(0, text.indexOf(" ")));
    }
  } catch {
    // The process or a thread of it ended between two reads, or the kernel has no schedstat: ticks are left.
  }
  return sum;
}
