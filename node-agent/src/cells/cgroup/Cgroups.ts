import type { Wrap } from "../sandbox/Sandbox.ts";

/** What one cell, with all its processes, may use at most. */
export interface CgroupLimits {
  /** Beyond it the kernel kills the cell. */
  readonly memoryBytes: number;
  /** Processes and threads. */
  readonly pids: number;
  /** Of CPU time that is short, in proportion to other cells; 1 to 10,000, a usual one is 100. */
  readonly cpuWeight: number;
  /** CPU time that it may use on average, also where nobody else wants any; in cores. */
  readonly cpuCores: number;
}

/** Which version of the kernel's control groups limits something here. */
export type CgroupKind = "none" | "cgroup1" | "cgroup2";

/** The group of one cell. */
export interface CellGroup {
  /** Makes a command enter the group before it becomes what it is. */
  readonly wrap: Wrap;
  /** How many processes of the group the kernel killed for want of memory. */
  oomKills(): number;
  /** Removes the group, whose processes have ended. Idempotent; never rejects. */
  remove(): Promise<void>;
}

/** The groups of a node's cells. */
export interface Cgroups {
  readonly memory: CgroupKind;
  readonly cpu: CgroupKind;
  readonly pids: CgroupKind;
  /** Why something is not limited, one sentence each. */
  readonly notes: readonly string[];
  /** Makes the group of a cell. Rejects where the kernel refuses. */
  create(cellId: string, limits: CgroupLimits): Promise<CellGroup>;
  /** Removes the node's own groups, when its cells have ended. Never rejects. */
  close(): Promise<void>;
}
