import type { EpochClock } from "./EpochClock.ts";
import type { Load } from "./Load.ts";
import type { Refusal } from "./Refusal.ts";
import type { Route } from "./Route.ts";

/** The public side of a node. What is set here holds in each of its processes, also in one that is started anew. */
export interface Edge {
  readonly url: string;
  readonly port: number;
  /** Of the processes that run now. */
  readonly pids: readonly number[];
  /**
   * The newest epoch of which no count is outstanding in any process or on the disk: what was reported of it is all.
   * Never falls.
   */
  readonly closedEpoch: number;
  /** Adds projects, or replaces what was set of them: atomically for each project in each process. */
  setRoutes(routes: readonly Route[]): void;
  removeRoutes(projectIds: readonly string[]): void;
  setClock(clock: EpochClock): void;
  /** Names that lead to the agent's API instead of a project; IP literals and `localhost` always do. */
  setOwnHosts(hosts: readonly string[]): void;
  /** How busy an upstream is: up to a tenth of a second old. */
  load(socketPath: string): Load;
  /**
   * Cuts off what is under way at an upstream for at least `minAgeMs`: with the refusal where no response has begun, by
   * closing the connection where one has. None of it is tried again. What was cut is told by `onCut`. Resolves when every
   * process has done it.
   */
  cut(socketPath: string, options: { readonly minAgeMs: number; readonly refusal: Refusal }): Promise<void>;
  /**
   * Resolves when nothing is in flight to that upstream in any process, and no connection to it is open; or when
   * `signal` aborts. To be called after the route points elsewhere, and for each cell that ended.
   */
  retire(socketPath: string, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Stops accepting, lets requests finish for up to `graceMs`, delivers the last counts and ends the processes. Counts
   * that are not acknowledged within 2 s more stay in the spool.
   */
  close(options: { readonly graceMs: number }): Promise<void>;
}
