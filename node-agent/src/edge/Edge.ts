import type { Logger } from "pino";
import type { CountReport } from "./CountReport.ts";
import type { CutChoice } from "./CutChoice.ts";
import type { EpochClock } from "./EpochClock.ts";
import type { CutRequest, Load } from "./Load.ts";
import type { Refusal } from "./Refusal.ts";
import type { Route } from "./Route.ts";

/** What each plane is built with: where it will listen, and what it goes by. */
export interface EdgeOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly nodeId: number;
  readonly apiSocketPath: string;
  /** Where its processes call for orders that cannot wait for the agent's thread; absent: they do not. */
  readonly lineSocketPath?: string | undefined;
  readonly clock: EpochClock;
  readonly logger: Logger;
  readonly requestLimits: RequestLimits;
  readonly connectionLimits: ConnectionLimits;
  readonly apiRates: ApiRates;
}

/** What holds for the connections of visitors, in each process. */
export interface ConnectionLimits {
  /** At once. */
  readonly total: number;
  /** Of one visitor address; of IPv6 of the first 64 bits. */
  readonly perClient: number;
  /** A visitor who takes nothing of what waits for it for so long is cut off; in ms, a sixth more or less. */
  readonly stalledMs: number;
}

/**
 * How many requests a second the node itself takes, in each process: of one visitor address and of all; and of those that may
 * cost it more than to look something up. After a rest more may come at once.
 */
export interface ApiRates {
  readonly perClient: number;
  readonly total: number;
  readonly costlyPerClient: number;
  readonly costlyTotal: number;
}

/** What holds for every request to a cell or another node. */
export interface RequestLimits {
  /** Requests, bodies and WebSockets at one of them at once, in each process. */
  readonly concurrent: number;
  /** What one visitor address may have at one project at once, in each process: all of that, and WebSockets. */
  readonly concurrentPerClient: number;
  readonly webSocketsPerClient: number;
  /** A request's body, in bytes, where the route does not say. */
  readonly bodyBytes: number;
  /** From a request's head to the end of its response, in ms. WebSockets may live on. */
  readonly wallMs: number;
}

/** What is cut off, and what its visitors are told. */
export interface CutOptions {
  readonly choice: CutChoice;
  readonly refusal: Refusal;
  /** The cell is about to be ended: whose request fails there from now on is told the same. */
  readonly isEnding?: boolean | undefined;
}

/** What an edge tells the agent. */
export interface EdgeHandlers {
  /**
   * Books a report and commits. Throwing means that it comes again, unchanged. A report may come twice, when its
   * acknowledgement was lost: compare `reporter` and `sequence`. Also called for the spool, before `listen` resolves.
   */
  onCounts(report: CountReport): void;
  /** Somebody waits for a sleeping project; called again every 5 s as long as somebody does. */
  onWake(projectId: string): void;
  /** A cell's socket or another node's origin refused or died; at most once a second for each process. */
  onTrouble(upstream: string, error: string): void;
  /** Requests were cut off: by `cut`, or because they took too long. */
  onCut(requests: readonly CutRequest[]): void;
}

/**
 * The public side of a node. What is set here holds in each of its processes, also in one that is started anew; it may be
 * set before anybody listens.
 */
export interface Edge {
  /**
   * Waits until the processes of a former agent have left, books what they left in the spool, and starts the processes
   * that hold the public socket. Once.
   *
   * @throws {EdgeError} `PORT_IN_USE` with the address, and the pid that holds the port; `EDGE_START_FAILED`. No process
   *   is left then.
   */
  listen(handlers: EdgeHandlers): Promise<void>;
  /** Where it listens. Port 0 of the configuration is known as the one that was taken once `listen` has resolved. */
  readonly url: string;
  readonly port: number;
  /** Of the processes that run now. */
  readonly pids: readonly number[];
  /**
   * The newest epoch of which no count is outstanding in any process or on the disk: what was reported of it is all.
   * Never falls.
   */
  readonly closedEpoch: number;
  /**
   * Adds projects, or replaces what was set of them: atomically for each project in each process.
   *
   * @throws {EdgeError} as `checkRoute`; then none of them is set.
   */
  setRoutes(routes: readonly Route[]): void;
  removeRoutes(projectIds: readonly string[]): void;
  setClock(clock: EpochClock): void;
  /** Names that lead to the agent's API instead of a project; IP literals and `localhost` always do. */
  setOwnHosts(hosts: readonly string[]): void;
  /** What visitors get for a name without a route; undefined: that nothing is served for it, which is so at first. */
  setUnknownHosts(refusal: Refusal | undefined): void;
  /** How busy a cell is: up to a tenth of a second old. */
  load(socketPath: string): Load;
  /**
   * Cuts off what is under way at a cell and meant by the choice: with the refusal where no response has begun, by
   * closing the connection where one has. None of it is tried again. What was cut is told by `onCut`. Resolves when every
   * process has done it.
   */
  cut(socketPath: string, options: CutOptions): Promise<void>;
  /**
   * Resolves when nothing is in flight to a cell's socket or another node's origin in any process, and no connection to it
   * is open; or when `signal` aborts. To be called after the last route to it points elsewhere, and for each cell that
   * ended.
   */
  retire(upstream: string, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Stops accepting, lets requests finish for up to `graceMs`, delivers the last counts and ends the processes. Counts
   * that are not acknowledged within 2 s more stay in the spool.
   */
  close(options: { readonly graceMs: number }): Promise<void>;
}
