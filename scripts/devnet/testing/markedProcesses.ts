import { allProcesses, environmentOf, type ProcessInfo } from "../readProcess.ts";

/** The variable by which a test finds again whatever was started for it: children inherit it. */
export const MARK = "WORKER3_TEST_MARK";

/** The running processes that have this mark in their environment. */
export function markedProcesses(mark: string): ProcessInfo[] {
  return allProcesses().filter(({ pid }) => environmentOf(pid).includes(`${MARK}=${mark}`));
}
