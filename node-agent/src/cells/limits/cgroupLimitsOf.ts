import type { CgroupLimits } from "../cgroup/Cgroups.ts";
import type { CellLimits } from "./CellLimits.ts";

/** What workerd itself, its sockets and pages of files take besides the worker. */
const OVERHEAD_BYTES = 128 * 1024 * 1024;
/** workerd has about 20 threads. */
const PIDS = 128;
const CPU_WEIGHT = 100;

/**
 * What the kernel holds a cell to: above where the watchdog acts, because a kill by the kernel tells nobody first. It is
 * what protects the machine from a worker that is quicker than a look.
 */
export function cgroupLimitsOf({
  hardMemoryBytes,
  cpuCores,
}: Pick<CellLimits, "hardMemoryBytes" | "cpuCores">): CgroupLimits {
  return { memoryBytes: hardMemoryBytes + OVERHEAD_BYTES, pids: PIDS, cpuWeight: CPU_WEIGHT, cpuCores };
}
