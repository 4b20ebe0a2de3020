import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** In how many periods a cell's group had to wait for its next share of CPU time. */
export function throttledIn(directories: readonly string[], cellId: string): number {
  const path = directories.map((directory) => join(directory, cellId, "cpu.stat")).find(existsSync);
  if (path === undefined) throw new Error(`no group ${cellId} in ${directories.join()}`);
  const stat = readFileSync(path, "utf8");
  const count = /^nr_throttled (\d+)$/m.exec(stat)?.[1];
  if (count === undefined) throw new Error(`${path} tells nothing: ${stat}`);
  return Number(count);
}
