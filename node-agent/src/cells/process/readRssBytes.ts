import { readFileSync } from "node:fs";

/** Resident memory of a process in bytes; 0 where there is no such process. Source: proc(5), `VmRSS` is in KiB. */
export function readRssBytes(pid: number): number {
  try {
    const [, kib = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kib) * 1024;
  } catch {
    return 0;
  }
}
