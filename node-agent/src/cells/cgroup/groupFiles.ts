import type { CgroupLimits } from "./Cgroups.ts";
import type { Controller, Hierarchy } from "./parseHierarchies.ts";

/** A file of a group, and what is written to it. `optional`: kernels may lack it (no accounting of swap). */
export interface GroupFile {
  readonly name: string;
  readonly value: string;
  readonly optional?: boolean;
}

/** What `cpu.weight` 100 is called in version 1. */
const USUAL_SHARES = 1024;
const USUAL_WEIGHT = 100;

/** The files that set a cell's limits, in the order to write them. Pure. */
export function groupFiles(
  kind: Hierarchy["kind"],
  controllers: readonly Controller[],
  limits: CgroupLimits,
): GroupFile[] {
  const { memoryBytes, pids, cpuWeight } = limits;
  const memory = String(memoryBytes);
  const shares = String(Math.max(2, Math.round((cpuWeight / USUAL_WEIGHT) * USUAL_SHARES)));
  const files: Readonly<Record<Controller, readonly GroupFile[]>> =
    kind === "cgroup1"
      ? {
          memory: [
            { name: "memory.limit_in_bytes", value: memory },
            { name: "memory.memsw.limit_in_bytes", value: memory, optional: true },
          ],
          pids: [{ name: "pids.max", value: String(pids) }],
          cpu: [{ name: "cpu.shares", value: shares }],
        }
      : {
          memory: [
            { name: "memory.max", value: memory },
            { name: "memory.swap.max", value: "0", optional: true },
            // All or nothing: half a cell is of no use.
            { name: "memory.oom.group", value: "1", optional: true },
          ],
          pids: [{ name: "pids.max", value: String(pids) }],
          cpu: [{ name: "cpu.weight", value: String(cpuWeight) }],
        };
  return controllers.flatMap((controller) => files[controller]);
}
