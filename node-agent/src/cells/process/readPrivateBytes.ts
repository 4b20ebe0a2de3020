import { readFileSync } from "node:fs";

const PAGE_BYTES = 4_096;
/** What workerd has for itself of them is not the worker's: 11 MiB were seen with a bare one. */
export const WORKERD_BYTES = 16 * 1_048_576;

/**
 * Memory of a process that is its own, which its end would free, in bytes: resident pages that are not of a file. Pages of
 * files, such as workerd's code, all cells share. One small file, so that it can be read ten times a second.
 *
 * Source: proc(5), `statm`, whose third field is file pages and shared memory.
 *
 * @returns 0 where there is no such process.
 */
export function readPrivateBytes(pid: number): number {
  try {
    const [, resident = "0", shared = "0"] = readFileSync(`/proc/${pid}/statm`, "latin1").split(" ");
    return (Number(resident) - Number(shared)) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
