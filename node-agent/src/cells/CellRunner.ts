import type { Cell, CellSpec } from "./Cell.ts";
import type { CgroupKind } from "./cgroup/Cgroups.ts";
import type { NetworkKind } from "./network/CellNetwork.ts";
import type { SandboxKind } from "./sandbox/Sandbox.ts";

/** What this node really holds cells to. The document of `node status`. */
export interface Enforces {
  /** Whether cells see only their own files and processes. */
  readonly sandbox: boolean;
  /** What ends cells when the agent dies. */
  readonly bound: SandboxKind;
  /** Whether their system calls are filtered. */
  readonly seccomp: boolean;
  /** `polled`: by the agent, which looks from time to time and ends what is over its limit. */
  readonly memory: CgroupKind | "polled";
  /** `watchdog`: by the agent, which ends what does not answer. Control groups share CPU time that is short fairly. */
  readonly cpu: CgroupKind | "watchdog";
  readonly pids: CgroupKind;
  /** `workerd`: cells share the machine's network, and workerd alone keeps them to public addresses. */
  readonly network: NetworkKind;
  /** What an operator should know, one sentence each. */
  readonly notes: readonly string[];
}

/** Starts cells and knows those that run. */
export interface CellRunner {
  /**
   * Starts a cell; resolves when it is ready to serve. No request has reached the tenant's worker then.
   *
   * @throws {SupportError} as `checkSupported` of the sdk.
   * @throws {CellError} `ASSET_RULES_TOO_LARGE`, `CELL_START_FAILED`, `CELL_START_TIMEOUT`, `CELLS_CLOSED`; or the signal's
   *   reason. No process is left then.
   */
  start(spec: CellSpec, options?: { signal?: AbortSignal }): Promise<Cell>;
  /**
   * Makes a later start of a content quick, where this machine can: its configuration is compiled. Starts no process that
   * stays. What fails is logged.
   *
   * @throws What a binding throws.
   */
  prepare(spec: Pick<CellSpec, "cid" | "folder" | "manifest">): Promise<void>;
  readonly enforces: Enforces;
  /** Cells that are warm or draining. */
  cells(): readonly Cell[];
  /**
   * Tells of every cell that is warm or draining, and from now on of each as soon as it is ready. Returns what ends that.
   */
  watchCells(onCell: (cell: Cell) => void): () => void;
  /** Ends all cells, also those that are starting. Idempotent. */
  close(): Promise<void>;
}
