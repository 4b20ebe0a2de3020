/** What a version may use on this node. A cell that goes over one costs its own project, never a neighbour. */
export interface CellLimits {
  /** CPU time that a request may use, in ms; see `judgeCpu`. */
  readonly cpuMs: number;
  /** CPU time that all its requests and threads together may use on average, in cores; with control groups only. */
  readonly cpuCores: number;
  /**
   * Memory of the worker, in bytes, on top of what workerd has at its start. Above it the cell is replaced by a fresh one
   * and finishes its requests; above `hardMemoryBytes` it is killed.
   */
  readonly memoryBytes: number;
  readonly hardMemoryBytes: number;
  /** What a request's body may have, in bytes; the edge holds visitors to it. */
  readonly bodyBytes: number;
}

/** The name of a limit in logs, on error pages and in documents. */
export type LimitCode = "CPU_LIMIT" | "CPU_HANG" | "MEMORY_LIMIT" | "WALL_LIMIT";
