import { readdirSync, readFileSync } from "node:fs";
import { type ProcessInfo, readProcess } from "../readProcess.ts";

/** The variable by which a test finds again whatever was started for it: children inherit it. */
export const MARK = "WORKER3_TEST_MARK";

/** The running processes that have this mark in their environment. */
export function markedProcesses(mark: string): ProcessInfo[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && environment(name).includes(`${MARK}=${mark}`))
    .map((pid) => readProcess(Number(pid)))
    .filter((found) => found !== undefined);
}

function environment(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // it ended meanwhile
  }
}
