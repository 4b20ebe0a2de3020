import { readdirSync, readlinkSync } from "node:fs";

/** Pids of the processes whose output goes to a file below a directory: the cells there, and what wraps them. */
export function processesOf(directory: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/1`).startsWith(`${directory}/`);
      } catch {
        return false;
      }
    });
}
