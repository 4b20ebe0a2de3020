import type { CgroupLimits } from "./Cgroups.ts";
import type { Controller, Hierarchy } from "./parseHierarchies.ts";

/** A file of a group, and what is written to it. `optional`: kernels may lack or refuse it; cells start all the same. */
export interface GroupFile {
  readonly name: string;
  readonly value: string;
  readonly optional?: boolean;
}

/** What `cpu.weight` 100 is called in version 1. */
const USUAL_SHARES = 1024;
const USUAL_WEIGHT = 100;
/** The kernel counts CPU time anew so often; its own default. Who is over its quota waits for the next time. */
const PERIOD_US = 100_000;

/**
 * Where a kernel with CONFIG_CFS_BANDWIDTH has a group's quota. Version 1 also refuses one above that of a group further up,
 * which holds the cell then.
 */
export const CPU_QUOTA_FILE = { cgroup1: "cpu.cfs_quota_us", cgroup2: "cpu.max" } as const;

/** The files that set a cell's limits, in the order to write them. Pure. */
export function groupFiles(
  kind: Hierarchy["kind"],
  controllers: readonly Controller[],
  limits: CgroupLimits,
): GroupFile[] {
  const { memoryBytes, pids, cpuWeight, cpuCores } = limits;
  const memory = String(memoryBytes);
  const shares = String(Math.max(2, Math.round((cpuWeight / USUAL_WEIGHT) * USUAL_SHARES)));
  const quotaUs = String(Math.round(cpuCores * PERIOD_US));
  const files: Readonly<Record<Controller, readonly GroupFile[]>> =
    kind === "cgroup1"
      ? {
          memory: [
            { name: "memory.limit_in_bytes", value: memory },
            { name: "memory.memsw.limit_in_bytes", value: memory, optional: true },
          ],
          pids: [{ name: "pids.max", value: String(pids) }],
          cpu: [
            { name: "cpu.shares", value: shares },
            { name: "cpu.cfs_period_us", value: String(PERIOD_US), optional: true },
            { name: CPU_QUOTA_FILE.cgroup1, value: quotaUs, optional: true },
            // What it left of one period it may use in a later one: a start, V8's helpers when they collect garbage.
            { name: "cpu.cfs_burst_us", value: quotaUs, optional: true },
          ],
        }
      : {
          memory: [
            { name: "memory.max", value: memory },
            { name: "memory.swap.max", value: "0", optional: true },
            // All or nothing: half a cell is of no use.
            { name: "memory.oom.group", value: "1", optional: true },
          ],
          pids: [{ name: "pids.max", value: String(pids) }],
          cpu: [
            { name: "cpu.weight", value: String(cpuWeight) },
            { name: CPU_QUOTA_FILE.cgroup2, value: `${quotaUs} ${PERIOD_US}`, optional: true },
            { name: "cpu.max.burst", value: quotaUs, optional: true },
          ],
        };
  return controllers.flatMap((controller) => files[controller]);
}
