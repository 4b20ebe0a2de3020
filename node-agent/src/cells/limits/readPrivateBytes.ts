import { readFileSync } from "node:fs";

const PAGE_BYTES = 4_096;

/**
 * Memory of a process that it shares with nobody, in bytes: resident pages that are not of a file. Source: proc(5),
 * `statm`, whose third field is file pages and shared memory.
 *
 * @returns undefined where there is no such process.
 */
export function readPrivateBytes(pid: number): number | undefined {
  try {
    const [, resident = "0", shared = "0"] = readFileSync(`/proc/${pid}/statm`, "latin1").split(" ");
    return (Number(resident) - Number(shared)) * PAGE_BYTES;
  } catch {
    return undefined;
  }
}
