import type { Manifest } from "@worker3/sdk";
import type { Life } from "./life.ts";
import type { CellElsewhere } from "./limits/CellElsewhere.ts";
import type { CellLimits, LimitCode } from "./limits/CellLimits.ts";

/** What a cell serves: one checked, extracted version of one project. */
export interface CellSpec {
  readonly projectId: bigint;
  readonly version: number;
  readonly cid: string;
  /** Absolute path of the extracted deployment folder: see `EXTRACTED`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** How a cell ended. */
export interface CellEnd {
  /** `stopped`: `stop` was called before; `killed`: it went over a limit. */
  readonly reason: "stopped" | "crashed" | "killed";
  /** Of a killed one. */
  readonly limit?: LimitCode | undefined;
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  /** Name of the signal that ended it, as `SIGKILL`. */
  readonly signal: string | null;
  /** The last of its output, at most 8 KiB. */
  readonly log: string;
  /** Whether the kernel killed it, or a part of it, for want of memory in its control group. */
  readonly outOfMemory: boolean;
}

/** A running process that serves one version of one project. */
export interface Cell {
  readonly id: string;
  readonly spec: CellSpec;
  readonly limits: CellLimits;
  /** Unix socket that speaks HTTP/1.1 for the tenant's worker and its assets. */
  readonly socketPath: string;
  /** workerd's own pid, as this machine sees it. */
  readonly pid: number;
  /** Size-capped file that takes what the process and the tenant's `console` print; it goes with the cell. */
  readonly logPath: string;

  /** A cell is handed out once it is `warm`; here `draining` begins with `stop`. */
  state(): Life;

  /**
   * CPU time in ms since the cell was ready: whole, never falling, and never more than was used. After the cell's end
   * it stays at what was read last. Synchronous and cheap.
   */
  cpuMs(): number;

  /** Resident memory in bytes, shared pages included; 0 when the cell is gone. */
  rssBytes(): number;

  /** The part of it that is the cell's alone, which its end would free. */
  privateBytes(): number;

  /**
   * Asks the process itself, not the tenant's worker, for a sign of life. Code that never yields leaves it unanswered.
   *
   * @throws {CellError} `CELL_PING_FAILED`; or the signal's reason.
   */
  ping(options: { signal: AbortSignal }): Promise<void>;

  /** For another thread, which may end it at a limit as `kill` does. */
  elsewhere(): CellElsewhere;

  /** Ends it at once: it went over a limit. */
  kill(limit: LimitCode): Promise<CellEnd>;

  /** Never rejects. */
  readonly gone: Promise<CellEnd>;

  /**
   * SIGTERM lets workerd finish its requests; SIGKILL follows after `graceMs`. Of several calls the earliest deadline
   * holds.
   */
  stop(options: { graceMs: number }): Promise<CellEnd>;
}
